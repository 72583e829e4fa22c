//! What names, numbers and versions look like in requirements.

use crate::rules::format::{Bare, Look};

pub(super) const VERSION: Look =
    Look::new("[0-9]", "this requires no version: write such as \"~> 1.17\" or \">= 16\"").or(Bare::Positive);

/// The version of a tool, of which any may do.
pub(crate) const TOOL_VERSION: Look = Look::new(
    r"^(any|true|\*)$|[0-9]",
    "this requires no version: write such as \"~> 1.17\", \">= 16\" or any",
)
.or(Bare::Positive);

pub(super) const NUMBER: Look =
    Look::new(r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$", "this is no number")
        .or(Bare::Number);

pub(super) const PORT: Look = Look::new(
    "^0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$",
    "a TCP port is 1 to 65535",
)
.or(Bare::Whole(1, u16::MAX as u64));

/// A port of this machine, perhaps behind one of its addresses.
pub(super) const PORT_HERE: Look = Look::new(
    "^(.+:)?0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$",
    "a TCP port is 1 to 65535, alone or behind an address of this machine: \"127.0.0.1:5432\"",
)
.or(Bare::Whole(1, u16::MAX as u64));

pub(super) const HOST: Look = Look::new(
    r"^\[*[0-9A-Za-z._:%\u0080-\uffff][0-9A-Za-z._:%\u0080-\uffff-]*\]*$",
    "this is no host: write a name or an address, such as localhost or ::1",
)
.or(Bare::Word);

pub(super) const ADDRESS: Look = Look::new(
    r"^(tcp://)?\[*[^/ @\[\]][^/ @]*:0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$",
    "an address is a host and a port, such as \"db.internal:5432\"",
);

pub(super) const URL: Look = Look::new(
    r"^https?://[^/?#@ \u0000-\u001f\u007f-\u009f]+([/?#][^ \u0000-\u001f\u007f-\u009f]*)?$",
    "this is no address of a web server, such as http://localhost:4000/health",
);

pub(super) const HEADER: Look = Look::new("^[A-Za-z0-9_-]+$", "this is no header");

pub(super) const VARIABLE: Look = Look::new(
    r"^[^=\u0000]*[^=\s\u0000][^=\u0000]*$",
    "a variable's name holds no `=`: write {name: …, equals: …}",
)
.or(Bare::AnyWord);

pub(super) const PROGRAM: Look = Look::new(
    r"^[^\s\u0000]+$",
    "a program's name has no spaces: to run it, write {run: [program, argument]}",
)
.or(Bare::AnyWord);

/// A name that a program of the system may be given as an argument.
pub(super) const PLAIN: Look =
    Look::new(r"^(?!.*\.\.)[A-Za-z0-9_+@:][A-Za-z0-9._+@:/-]*$", "this is no such name").or(Bare::Word);

pub(super) const ABSOLUTE: Look = Look::new(r"^/[^\u0000]*$", "a mount is named by its absolute path");

/// Permission bits. Where they stand without quotes, YAML takes them for a number, and forgets the 0 before them.
pub(super) const MODE: Look =
    Look::new("^(0o)?0?[0-7]{3,4}$", "a mode is three or four octal digits, such as \"0600\"")
        .or(Bare::Whole(0, 7777));

pub(super) const SHA256: Look = Look::new("^[0-9A-Fa-f]{64}$", "a SHA-256 has 64 hexadecimal digits");
