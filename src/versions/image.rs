//! Container images whose names tell versions.

use super::{Tool, Version};

/// The tools and the beginnings of their versions that an image's name tells.
pub(super) fn image(name: &str) -> Vec<(Tool, Version)> {
    let name = name.split('@').next().unwrap_or_default();
    let (path, tag) = match name.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, tag),
        _ => return Vec::new(),
    };
    let begins = |tool: Tool| Version::parse(leading_version(tag)).map(|version| (tool, version));
    let marked = |tool: Tool, mark: &str| {
        let (_, rest) = tag.split_once(mark)?;
        Some((tool, Version::parse(leading_version(rest))?))
    };
    let found = match without_registry(path) {
        "elixir" | "cimg/elixir" => vec![begins(Tool::Elixir), marked(Tool::Erlang, "-otp-")],
        "hexpm/elixir" => vec![begins(Tool::Elixir), marked(Tool::Erlang, "-erlang-")],
        "erlang" | "hexpm/erlang" => vec![begins(Tool::Erlang)],
        "node" | "cimg/node" | "bitnami/node" => vec![begins(Tool::Node)],
        "python" | "cimg/python" | "bitnami/python" => vec![begins(Tool::Python)],
        "postgres" | "cimg/postgres" | "bitnami/postgresql" | "postgis/postgis" => {
            vec![begins(Tool::Postgres)]
        }
        // These have versions of their own, and name PostgreSQL's behind it.
        "pgvector/pgvector" | "timescale/timescaledb" | "timescale/timescaledb-ha" => {
            let version = tag.strip_prefix("pg").map(leading_version).and_then(Version::parse);
            vec![version.map(|version| (Tool::Postgres, version)).or_else(|| marked(Tool::Postgres, "-pg"))]
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

/// A path without the host that serves it, and without what stands for Docker's own images.
fn without_registry(path: &str) -> &str {
    let path = match path.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => rest,
        _ => path,
    };
    let path = path.strip_prefix("docker/").unwrap_or(path);
    path.strip_prefix("library/").unwrap_or(path)
}

/// `1.18.0-rc.0` of `1.18.0-rc.0-alpine`.
fn leading_version(tag: &str) -> &str {
    let end = tag.find('-').unwrap_or(tag.len());
    let rest = tag.get(end + 1..).unwrap_or_default();
    if !rest.starts_with("rc") {
        return &tag[..end];
    }
    &tag[..rest.find('-').map_or(tag.len(), |at| end + 1 + at)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_tell_versions() {
        use Tool::*;
        for (name, expected) in [
            ("elixir:1.17-alpine", vec![(Elixir, "1.17")]),
            ("elixir:1.17.3-otp-27-slim", vec![(Elixir, "1.17.3"), (Erlang, "27")]),
            ("elixir:1.18.0-rc.0-otp-27", vec![(Elixir, "1.18.0-rc.0"), (Erlang, "27")]),
            (
                "hexpm/elixir:1.17.3-erlang-27.0.1-debian-bookworm-20240904-slim",
                vec![(Elixir, "1.17.3"), (Erlang, "27.0.1")],
            ),
            (
                "docker.io/hexpm/elixir:1.17.3-erlang-27.0.1-alpine-3.20",
                vec![(Elixir, "1.17.3"), (Erlang, "27.0.1")],
            ),
            ("public.ecr.example.com/docker/library/node:22", vec![(Node, "22")]),
            ("registry.example.com:5000/python:3.12-slim@sha256:abc", vec![(Python, "3.12")]),
            ("postgres:16-alpine", vec![(Postgres, "16")]),
            ("postgis/postgis:16-3.4", vec![(Postgres, "16")]),
            ("pgvector/pgvector:pg16", vec![(Postgres, "16")]),
            ("timescale/timescaledb:2.15.2-pg16", vec![(Postgres, "16")]),
            ("elixir:latest", vec![]),
            ("elixir:alpine", vec![]),
            ("elixir", vec![]),
            ("elixir@sha256:abc", vec![]),
            ("localhost:5000/elixir", vec![]),
            ("node:lts-alpine", vec![]),
            ("acme/node:1.2.3", vec![]),
            ("redis:7", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<_> =
                image(name).into_iter().map(|(tool, version)| (tool, version.to_string())).collect();
            let expected: Vec<_> =
                expected.into_iter().map(|(tool, version)| (tool, version.to_owned())).collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_name_is_too_odd(name in r"(hexpm/|elixir|node|postgres|pgvector|:|@|/|-|rc|-otp-|-pg|-erlang-|[0-9.]{1,4}|é)*") {
            let _ = image(&name);
        }
    }
}
