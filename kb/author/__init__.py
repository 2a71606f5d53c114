"""For those who write the content: `kb fmt`, `kb new`, `kb test`, `kb i18n`. Nothing here is imported while a lookup runs."""
