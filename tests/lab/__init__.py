"""The lab: real mail clients against a real Postfix, one record per pair of configurations. See README.md."""
