//! Every fact there is: what a rule may name, and what the probes must bring.

/// What a present fact of that name holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`super::Value::Bool`]
    Bool,
    /// [`super::Value::Integer`]
    Integer,
    /// [`super::Value::Text`]
    Text,
    /// [`super::Value::List`]
    List,
}

/// One fact, or a family of facts (`*` stands for one part of the name).
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The name, such as `tool.*.version`.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means, with its unit.
    pub meaning: &'static str,
}

const fn fact(name: &'static str, kind: Kind, meaning: &'static str) -> Known {
    Known { name, kind, meaning }
}

/// The catalogue, in the order in which a person would read it.
pub const KNOWN: &[Known] = &[
    fact("os.family", Kind::Text, "linux or macos"),
    fact("os.name", Kind::Text, "the distribution's or system's name"),
    fact("os.version", Kind::Text, "its version"),
    fact("os.arch", Kind::Text, "the processor's architecture: x86_64, aarch64"),
    fact("cpu.brand", Kind::Text, "the processor's name"),
    fact("cpu.count", Kind::Integer, "logical processors"),
    fact("memory.total", Kind::Integer, "physical memory in bytes"),
    fact("disk.project.free", Kind::Integer, "free bytes where the project lies"),
    fact("disk.nix.free", Kind::Integer, "free bytes where /nix lies"),
    fact("gpu.count", Kind::Integer, "GPUs that the system knows"),
    fact("gpu.names", Kind::List, "their names"),
    fact("gpu.metal", Kind::Bool, "whether one of them supports Metal"),
    fact("gpu.nvidia", Kind::Bool, "whether one of them is driven by NVIDIA's driver"),
    fact("env.*", Kind::Text, "an environment variable's value"),
    fact("tool.*.path", Kind::Text, "where the tool stands on PATH (for hex: its archive or library)"),
    fact("tool.*.version", Kind::Text, "the tool's version"),
    fact("python.arch", Kind::Text, "the architecture that python3 was built for"),
    fact("mlx.version", Kind::Text, "the mlx package that python3 would import"),
    fact("mlx.backends", Kind::List, "the back ends installed beside it: cpu, metal, cuda"),
    fact("mlx.gpu", Kind::Bool, "whether one of those back ends can use a GPU"),
    fact(
        "project.files",
        Kind::List,
        "the files in the project's folder that a tool reads: flake.nix, mix.exs …",
    ),
    fact("project.mix.deps", Kind::List, "dependencies that mix.exs names"),
    fact("project.mix.hex_deps", Kind::List, "those of them that come from Hex"),
    fact(
        "project.mix.missing_deps",
        Kind::List,
        "those that mix.lock or mix.exs names for MIX_ENV (unset: for any) and deps/ lacks",
    ),
    fact(
        "project.mix.unlocked_deps",
        Kind::List,
        "those that deps/ has and mix.exs names, and mix.lock does not",
    ),
    fact(
        "project.mix.mismatched_deps",
        Kind::List,
        "those whose version in deps/ is not the one in mix.lock",
    ),
];

/// The catalogue's entry for a fact's name.
pub fn known(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| covers(known.name, name))
}

fn covers(pattern: &str, name: &str) -> bool {
    let (mut parts, mut names) = (pattern.split('.'), name.split('.'));
    loop {
        match (parts.next(), names.next()) {
            (None, None) => return true,
            (Some("*"), Some(part)) if !part.is_empty() => {}
            (Some(part), Some(other)) if part == other => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_cover_one_part_of_a_name() {
        assert_eq!(known("tool.elixir.version").map(|k| k.name), Some("tool.*.version"));
        assert_eq!(known("env.MLX_MAX_GPUS").map(|k| k.name), Some("env.*"));
        assert!(known("tool..version").is_none());
        assert!(known("tool.elixir").is_none());
        assert!(known("tool.elixir.version.more").is_none());
    }
}
