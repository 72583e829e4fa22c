//! The machine, its environment and its tools.

use super::{Kind, Known, fact};

pub(super) const FACTS: &[Known] = &[
    fact("os.family", Kind::Text, "linux or macos"),
    fact("os.name", Kind::Text, "the distribution's or system's name"),
    fact("os.version", Kind::Text, "its version"),
    fact("os.arch", Kind::Text, "the processor's architecture: x86_64, aarch64"),
    fact("cpu.brand", Kind::Text, "the processor's name"),
    fact("cpu.count", Kind::Integer, "logical processors"),
    fact("memory.total", Kind::Bytes, "physical memory in bytes"),
    fact("disk.project.free", Kind::Bytes, "free bytes where the project lies"),
    fact("disk.nix.free", Kind::Bytes, "free bytes where /nix lies"),
    fact(
        "check.deep",
        Kind::Bool,
        "whether the tools themselves may be asked (--deep, in a trusted project)",
    ),
    fact("env.*", Kind::Text, "an environment variable's value"),
    fact("tool.*.path", Kind::Text, "where the tool stands on PATH (for hex: its archive or library)"),
    fact("tool.*.version", Kind::Text, "the tool's version"),
];
