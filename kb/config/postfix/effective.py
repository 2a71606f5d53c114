"""What holds for one service: its `-o`, else main.cf, else the default of the version; expanded, with place and origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.config.postfix.expand import Expander, ExpansionError
from kb.config.postfix.master_cf import port_of
from kb.config.postfix.model import HIDDEN, Assignment, Config, Service, Value
from kb.config.postfix.parameters import parameters, service_parameter
from kb.config.postfix.version import label
from kb.text import Text

# Nobody serves SMTP at more.
MOST_PORTS = 30
# What Postfix works out itself from the machine where it is not set.
FROM_THE_MACHINE = frozenset({"myhostname", "mydomain", "mynetworks"})


class Effective(Mapping[str, Value]):
    """The values of all parameters for one service (None: main.cf alone). Reading a name that no version has gives an
    empty value that is marked as unset. `problems`: names whose value Postfix could not expand, with ExpansionError's kind."""

    def __init__(self, config: Config, service: Service | None = None) -> None:
        self.config = config
        self.service = service
        self.problems: dict[str, str] = {}
        self._overrides = {override.name: override for override in service.overrides} if service else {}
        self._expander = Expander(self.raw)
        self._values: dict[str, Value] = {}
        self.services = config.service_names

    def __getitem__(self, name: str) -> Value:
        if name not in self._values:
            self._values[name] = self._value(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        own = {**parameters(), **self.config.main, **self._overrides}
        return iter(own)

    def __len__(self) -> int:
        return len({**parameters(), **self.config.main, **self._overrides})

    def text(self, name: str) -> str:
        """The expanded value alone."""
        return self[name].value

    def words(self, name: str) -> list[str]:
        """The expanded value taken apart at blanks and commas."""
        return self.text(name).replace(",", " ").split()

    def yes(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.text(name).lower() == "yes"

    def is_set(self, name: str) -> bool:
        """Whether a file sets it."""
        return self.assignment(name) is not None

    def assignment(self, name: str) -> Assignment | None:
        """What sets it for this service."""
        return self._overrides.get(name) or self.config.main.get(name)

    def raw(self, name: str) -> str | None:
        """The unexpanded value, as Postfix looks a parameter up; None for one that does not exist."""
        found = self.assignment(name)
        if found is not None:
            return found.raw
        if self.service is not None and name in ("service_name", "process_name"):
            return self.service.name if name == "service_name" else self.service.program
        parameter = parameters().get(name)
        if parameter is None:
            general = service_parameter(name, self.services)
            return self.raw(general) if general else None
        default = parameter.default(self.config.version)
        if default is None and name in FROM_THE_MACHINE:
            # Stays in the text as it is.
            return self._domain() if name == "mydomain" else f"$${name}"
        return default

    def _domain(self) -> str:
        host = self.config.main.get("myhostname")
        if host is None or "$" in host.raw:
            return "$$mydomain"
        return host.raw.partition(".")[2] or "localdomain"

    def _value(self, name: str) -> Value:
        raw = self.raw(name)
        found = self.assignment(name)
        if raw is None:
            return Value(name, "", "", unset=True)
        value = raw
        parameter = parameters().get(name)
        if parameter is None or parameter.type != "raw":
            try:
                value = self._expander.expand(raw)
            except ExpansionError as error:
                self.problems[name] = error.kind
        secret = HIDDEN in value
        if found is None:
            machine = name in FROM_THE_MACHINE and value.startswith("$")
            return Value(name, raw, value, origin=f"default of Postfix {label(self.config.version)}", unset=machine)
        return Value(name, raw, value, found.file, found.line, found.column, self._origin(found), secret)

    def _origin(self, found: Assignment) -> str:
        if self.service is not None and self._overrides.get(found.name) is found:
            return f"master.cf: {self.service.label}"
        return "main.cf"


def effective(config: Config, service: str) -> Effective:
    """The values for the SMTP service at a port (`25`, `587`) or of a name (`smtp`, `submission`, `smtps`, `relay/unix`);
    main.cf alone where there is no such service."""
    return Effective(config, find(config, service))


def find(config: Config, wanted: str) -> Service | None:
    """The service at a port or of a name; of a port behind postscreen(8) the smtpd that it hands over to."""
    port = port_of(wanted)
    for service in config.services:
        if wanted in (service.label, service.name) or (service.type == "inet" and port_of(service.name) == port):
            return behind_postscreen(config, service)
    return None


def behind_postscreen(config: Config, service: Service) -> Service:
    """The smtpd of type pass where postscreen(8) answers at the port, else the service itself."""
    if service.program == "postscreen":
        return next((other for other in config.services if other.type == "pass" and other.program == "smtpd"), service)
    return service


def smtp_servers(config: Config) -> list[tuple[Service, Service]]:
    """Every port at which SMTP is answered: the service of type inet, and the one whose settings count."""
    inet = [s for s in config.services if s.type == "inet" and s.program in ("smtpd", "postscreen")]
    return [(service, behind_postscreen(config, service)) for service in inet[:MOST_PORTS]]


def described(service: Service) -> Text:
    """A service for people."""
    port = port_of(service.name)
    name = service.name if service.name == port else f"{service.name}（{port}）"
    english = service.name if service.name == port else f"{service.name} (port {port})"
    return Text(f"Postfix {name} 端口" if service.name == port else f"Postfix {name}", f"Postfix {english}")
