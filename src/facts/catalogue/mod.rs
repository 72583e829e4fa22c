//! Every fact there is: what a rule may name, and what the probes must bring.

mod beam;
mod gpu;
mod machine;
mod nix;
mod project;
mod services;
mod versions;

use super::Value;

/// What a present fact of that name holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`super::Value::Bool`]
    Bool,
    /// [`super::Value::Integer`]
    Integer,
    /// [`super::Value::Integer`], a number of bytes
    Bytes,
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

/// The areas, in the order in which a person would read them.
const AREAS: &[&[Known]] =
    &[machine::FACTS, nix::FACTS, beam::FACTS, gpu::FACTS, services::FACTS, project::FACTS, versions::FACTS];

/// Every entry, area by area.
pub fn catalogue() -> impl Iterator<Item = &'static Known> {
    AREAS.iter().copied().flatten()
}

/// The catalogue's entry for a fact's name.
pub fn known(name: &str) -> Option<&'static Known> {
    let is_family = |known: &&Known| known.name.contains('*');
    let itself = catalogue().find(|known| known.name == name);
    itself.or_else(|| catalogue().filter(is_family).find(|known| covers(known.name, name)))
}

/// Facts that change although nobody changes anything.
const FLEETING: &[&str] = &[
    "disk.*.free",
    "disk.*.inodes_free",
    "ports.listening",
    "port.*.process",
    "ollama.models_on_cpu",
    "project.flake_lock.nixpkgs_age",
];

/// Whether a fact changes although nobody changes anything.
pub fn is_fleeting(name: &str) -> bool {
    FLEETING.iter().any(|fleeting| covers(fleeting, name))
}

/// A fact's value as a person reads it: bytes in a unit of their size.
pub fn shown(name: &str, value: &Value) -> String {
    match (known(name).map(|known| known.kind), value) {
        (Some(Kind::Bytes), Value::Integer(bytes)) => in_unit(*bytes),
        _ => value.to_string(),
    }
}

fn in_unit(bytes: i64) -> String {
    let mut size = bytes as f64;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if size.abs() < 1024.0 {
            return if unit == "B" { format!("{bytes} B") } else { format!("{size:.1} {unit}") };
        }
        size /= 1024.0;
    }
    format!("{size:.1} TiB")
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
    fn bytes_are_shown_in_a_unit_of_their_size() {
        let shown = |bytes| shown("memory.total", &Value::Integer(bytes));
        assert_eq!(shown(0), "0 B");
        assert_eq!(shown(1536), "1.5 KiB");
        assert_eq!(shown(64 << 30), "64.0 GiB");
        assert_eq!(shown(i64::MAX), "8388608.0 TiB");
        assert_eq!(super::shown("cpu.count", &Value::Integer(2048)), "2048");
    }

    #[test]
    fn what_is_fleeting_is_a_fact() {
        assert!(FLEETING.iter().all(|name| catalogue().any(|known| known.name == *name)));
        assert!(is_fleeting("disk.home.free") && !is_fleeting("disk.home.total"));
    }

    #[test]
    fn families_cover_one_part_of_a_name() {
        assert_eq!(known("tool.elixir.version").map(|k| k.name), Some("tool.*.version"));
        assert_eq!(known("env.MLX_MAX_GPUS").map(|k| k.name), Some("env.*"));
        assert!(known("tool..version").is_none());
        assert!(known("tool.elixir").is_none());
        assert!(known("tool.elixir.version.more").is_none());
    }
}
