"""The figures of the concepts, drawn while the pages are built, from numbers just computed."""
