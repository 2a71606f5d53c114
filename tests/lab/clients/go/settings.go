package main

import (
	"fmt"
	"strconv"
	"strings"
)

type settings struct {
	host, auth, username, password, secret, to   string
	port                                         int
	starttls, tls, allowInsecure, forwardSMTPErr bool
}

// Only 1, true and yes are true, in any case.
func enabled(value string) bool {
	value = strings.ToLower(value)
	return value == "1" || value == "true" || value == "yes"
}

// Lines of KEY=VALUE; as in an environment, the last one wins.
func parse(text, prefix string) settings {
	env := map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			env[strings.TrimPrefix(key, prefix)] = value
		}
	}
	port, _ := strconv.Atoi(env["PORT"])
	return settings{
		host: env["HOST"], port: port, auth: env["AUTH"], username: env["USERNAME"], password: env["PASSWORD"],
		secret: env["SECRET"], to: env["TO"], starttls: enabled(env["STARTTLS"]), tls: enabled(env["TLS"]),
		allowInsecure: enabled(env["ALLOW_INSECURE"]), forwardSMTPErr: enabled(env["FWD_SMTP_ERRORS"]),
	}
}

// What the program refuses when it starts; the order decides which message is shown.
func (s *settings) validate(tag string) error {
	if s.port == 0 {
		s.port = 25
	}
	s.auth = strings.ToLower(s.auth)
	missing := func(words string) error { return fmt.Errorf("[%s] host username or %s authentication", tag, words) }
	switch {
	case s.auth == "" || s.auth == "none" || s.auth == "false":
		s.auth = "none"
	case s.auth == "plain":
		if s.username == "" || s.password == "" {
			return missing("password not set for PLAIN")
		}
	case s.auth == "login":
		if s.username == "" || s.password == "" {
			return missing("password not set for LOGIN")
		}
	case strings.HasPrefix(s.auth, "cram"):
		s.auth = "cram-md5"
		if s.username == "" || s.secret == "" {
			return missing("secret not set for CRAM-MD5")
		}
	default:
		return fmt.Errorf("[%s] authentication method not supported: %s", tag, s.auth)
	}
	if tag == "forward" && s.to == "" {
		return fmt.Errorf("[forward] To addresses missing")
	}
	if s.starttls && s.tls {
		return fmt.Errorf("[%s] TLS & STARTTLS cannot be required together", tag)
	}
	return nil
}
