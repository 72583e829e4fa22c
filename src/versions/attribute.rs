//! Attributes of nixpkgs whose names tell a version.

use super::{Tool, Version};

/// The tool and the beginning of the version that an attribute's name tells: `elixir_1_17`, `erlang_27`, `beam27Packages`,
/// `nodejs_22`, `postgresql_16`, `python312` …
pub(super) fn attribute(name: &str) -> Option<(Tool, Version)> {
    let version = |digits: &str| Version::parse(&digits.replace('_', "."));
    let plain = |tool: Tool, rest: &str| {
        let is_number = rest.starts_with(|c: char| c.is_ascii_digit());
        Some((tool, version(rest).filter(|_| is_number)?))
    };
    if let Some(rest) = name.strip_prefix("elixir_") {
        return plain(Tool::Elixir, rest);
    }
    if let Some(rest) = name.strip_prefix("erlang_").or_else(|| name.strip_prefix("erlangR")) {
        return plain(Tool::Erlang, rest);
    }
    let beam = name.strip_prefix("beam").map(|rest| rest.strip_prefix("Minimal").unwrap_or(rest));
    if let Some(rest) = beam.and_then(|rest| rest.strip_suffix("Packages")) {
        return plain(Tool::Erlang, rest);
    }
    if let Some(rest) = name.strip_prefix("nodejs") {
        // nodejs_22, nodejs-slim_22, and nodejs-18_x of old
        let rest = rest.strip_prefix("-slim").unwrap_or(rest);
        let rest = rest.strip_prefix(['_', '-'])?;
        return plain(Tool::Node, rest.strip_suffix("_x").unwrap_or(rest));
    }
    if let Some(rest) = name.strip_prefix("postgresql") {
        let rest = rest.strip_prefix('_').or_else(|| rest.strip_suffix("Packages"))?;
        return plain(Tool::Postgres, rest.strip_suffix("_jit").unwrap_or(rest));
    }
    if let Some(rest) = name.strip_prefix("python") {
        // python312 is 3.12, and python3 tells no more than that.
        let rest =
            ["Packages", "Full", "FreeThreading"].iter().find_map(|it| rest.strip_suffix(it)).unwrap_or(rest);
        let (major, minor) = rest.split_at_checked(1)?;
        return plain(Tool::Python, &format!("{major}_{minor}")).filter(|_| !minor.is_empty());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_tell_a_version() {
        for (name, expected) in [
            ("elixir_1_17", Some((Tool::Elixir, "1.17"))),
            ("erlang_27", Some((Tool::Erlang, "27"))),
            ("erlangR25", Some((Tool::Erlang, "25"))),
            ("beam27Packages", Some((Tool::Erlang, "27"))),
            ("beamMinimal28Packages", Some((Tool::Erlang, "28"))),
            ("nodejs_22", Some((Tool::Node, "22"))),
            ("nodejs-slim_20", Some((Tool::Node, "20"))),
            ("nodejs-18_x", Some((Tool::Node, "18"))),
            ("postgresql_16", Some((Tool::Postgres, "16"))),
            ("postgresql_17_jit", Some((Tool::Postgres, "17"))),
            ("postgresql16Packages", Some((Tool::Postgres, "16"))),
            ("python312", Some((Tool::Python, "3.12"))),
            ("python311Packages", Some((Tool::Python, "3.11"))),
            ("elixir", None),
            ("elixir_latest", None),
            ("elixir_ls", None),
            ("elixir-ls", None),
            ("erlang", None),
            ("erlang_nox", None),
            ("beamPackages", None),
            ("beam", None),
            ("beam_minimal", None),
            ("nodejs", None),
            ("nodejs_latest", None),
            ("nodePackages", None),
            ("postgresql", None),
            ("postgresqlPackages", None),
            ("python3", None),
            ("python", None),
            ("pythonPackages", None),
            ("python3Packages", None),
            ("pythoné", None),
        ] {
            let found = attribute(name).map(|(tool, version)| (tool, version.to_string()));
            assert_eq!(found, expected.map(|(tool, version)| (tool, version.to_owned())), "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_name_is_too_odd(name in r"(elixir|erlang|R|beam|Minimal|Packages|nodejs|python|postgresql|[_é-]|[0-9])*") {
            let _ = attribute(&name);
        }
    }
}
