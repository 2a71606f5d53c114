"""What the API accepts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kb.contract.base import told

MAX_ITEMS = 1000
MAX_ITEM_TEXT = 64 * 1024
MAX_FILES = 20
Language = Literal["zh", "en"]


class LookupRequest(BaseModel):
    """Body of `POST /api/v1/lookup`."""

    model_config = ConfigDict(extra="forbid")
    text: str = told(
        "报错、日志、退信或 SMTP 会话，原样即可。", "An error, a log, a bounce or an SMTP session, as it is."
    )
    lang: Language | None = told(
        "回答的语言；省略时看 Accept-Language。", "Language of the answer; else Accept-Language.", default=None
    )


class BatchItem(BaseModel):
    """One item of a batch."""

    model_config = ConfigDict(extra="forbid")
    id: str = told("由你决定，原样返回。", "Yours; comes back as it is.")
    text: str = told(
        "超过 65,536 个字符的项目单独报错。", "An item of more than 65,536 characters gets an error of its own."
    )


class BatchRequest(BaseModel):
    """Body of `POST /api/v1/lookup/batch`."""

    model_config = ConfigDict(extra="forbid")
    items: Annotated[list[BatchItem], Field(max_length=MAX_ITEMS)] = told("最多 1,000 项。", "At most 1,000.")
    lang: Language | None = told(
        "回答的语言；省略时看 Accept-Language。", "Language of the answer; else Accept-Language.", default=None
    )


class DiagnoseRequest(BaseModel):
    """Body of `POST /api/v1/diagnose`: files by name, the error that they gave, and facts that no file tells."""

    model_config = ConfigDict(extra="forbid")
    files: Annotated[dict[str, str], Field(min_length=1, max_length=MAX_FILES)] = told(
        "文件名到内容，一到二十个；一份里有几个文件或两边的设置，会自动分开。",
        "File name to content, one to twenty; one that holds several files, or both sides, is taken apart.",
    )
    error: str | None = told("这些配置得到的报错。", "The error that these settings gave.", default=None)
    answers: Annotated[dict[str, str], Field(max_length=50)] = told(
        "文件里看不出来的事实，即上一次回答的 asks。",
        "Facts that no file tells: `asks` of an earlier answer.",
        default_factory=dict,
    )
    lang: Language | None = told(
        "回答的语言；省略时看 Accept-Language。", "Language of the answer; else Accept-Language.", default=None
    )
