"""The closed list of what can be wrong with a container, its names or its RECORD."""

from __future__ import annotations

from enum import StrEnum


class Issue(StrEnum):
    """What ``ArchiveIssue.issue`` may say."""

    # RECORD against content
    RECORD_HASH = "record-hash"
    RECORD_UNLISTED = "record-unlisted"
    RECORD_MISSING = "record-missing"
    RECORD_ABSENT = "record-absent"
    RECORD_INVALID = "record-invalid"
    OVERWRITTEN = "overwritten"
    # names and places
    DUPLICATE = "duplicate"
    CLIMBING = "climbing"
    NORMALISED = "normalised"
    NUL_NAME = "nul-name"
    BAD_NAME = "bad-name"
    UNICODE_PATH = "unicode-path"
    FOREIGN_DATA = "foreign-data"
    BAD_SCHEME = "bad-scheme"
    INSTALLER_DIFFERENCE = "installer-difference"
    # structure of the container
    HEADER_MISMATCH = "header-mismatch"
    HIDDEN_ENTRY = "hidden-entry"
    OVERLAP = "overlap"
    PREFIXED = "prefixed"
    TRAILING = "trailing"
    CONCATENATED = "concatenated"
    BOMB = "bomb"
    TOO_MANY = "too-many"
    TRUNCATED = "truncated"
    # members that are no plain files
    SYMLINK = "symlink"
    HARD_LINK = "hard-link"
    SPECIAL = "special"
    ENCRYPTED = "encrypted"
    # who the archive says it is
    NAME_MISMATCH = "name-mismatch"
    BAD_FILENAME = "bad-filename"
    METADATA_ABSENT = "metadata-absent"
    METADATA_SEVERAL = "metadata-several"
    # what indexes say about it
    TWO_INDEXES = "two-indexes"
    YANKED = "yanked"
    NO_HASH = "no-hash"

    @property
    def meaning(self) -> str:
        """One line for documentation and messages."""
        return MEANING[self]


MEANING: dict[Issue, str] = {
    Issue.RECORD_HASH: "RECORD gives another hash than the file has",
    Issue.RECORD_UNLISTED: "a file of the archive or of its folders is not listed in RECORD",
    Issue.RECORD_MISSING: "RECORD lists a file that is not there",
    Issue.RECORD_ABSENT: "there is no RECORD, so nothing can be compared",
    Issue.RECORD_INVALID: "RECORD or one of its rows cannot be read, or uses no hash that counts",
    Issue.OVERWRITTEN: "another distribution has overwritten a file that this one lists",
    Issue.DUPLICATE: "two members are installed to one place; the last one wins under pip",
    Issue.CLIMBING: "a name leads out of the site directory; pip lets it pass when it comes back",
    Issue.NORMALISED: "a name holds '..', '.' or '//', and pip installs it elsewhere than it reads",
    Issue.NUL_NAME: "a name holds a NUL, and pip cuts it there",
    Issue.BAD_NAME: "a name cannot be decoded, is empty or holds control characters",
    Issue.UNICODE_PATH: "a Unicode path field (0x7075) renames the member on Python 3.12 and later",
    Issue.FOREIGN_DATA: "a '*.data' folder of another name, which pip spreads over the prefix, uv not",
    Issue.BAD_SCHEME: "a '*.data' folder with a scheme that does not exist; installers refuse the archive",
    Issue.INSTALLER_DIFFERENCE: "pip and uv install the member to different places",
    Issue.HEADER_MISMATCH: "the header in front of a member disagrees with the central directory",
    Issue.HIDDEN_ENTRY: "bytes between the members hold an entry that the central directory does not list",
    Issue.OVERLAP: "two members share bytes of the archive",
    Issue.PREFIXED: "bytes stand in front of the archive",
    Issue.TRAILING: "bytes stand behind the archive",
    Issue.CONCATENATED: "more than one archive in the file; other readers may take another one",
    Issue.BOMB: "a member inflates to more than a limit allows or than it declares",
    Issue.TOO_MANY: "more members than the limit allows; the rest was not looked at",
    Issue.TRUNCATED: "the container ends early or is damaged; what could be read was judged",
    Issue.SYMLINK: "a member is a symbolic link",
    Issue.HARD_LINK: "a member is a hard link",
    Issue.SPECIAL: "a member is a device, a FIFO or a socket",
    Issue.ENCRYPTED: "a member is encrypted",
    Issue.NAME_MISMATCH: "file name and METADATA disagree on name or version",
    Issue.BAD_FILENAME: "the file name is no valid name of a wheel or sdist",
    Issue.METADATA_ABSENT: "there is no METADATA (or PKG-INFO) that can be read",
    Issue.METADATA_SEVERAL: "more than one '*.dist-info' folder; installers refuse it or take one of them",
    Issue.TWO_INDEXES: "two indexes have different files of this name, and installers choose differently",
    Issue.YANKED: "the index has withdrawn this file; only an exact pin still takes it",
    Issue.NO_HASH: "no sha256, sha384 or sha512 is named for this file; installers take what comes",
}
