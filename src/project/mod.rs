//! Reading a project's files without evaluating them.

mod compiled_by;
mod compose;
mod dockerfile;
mod elixir;
mod github_workflow;
mod gitlab_ci;
mod hex_metadata;
mod image;
mod located;
mod mise_toml;
mod mix_exs;
mod mix_lock;
mod needed;
mod nix_names;
mod package_json;
mod tool_versions;
mod version_file;
mod yaml;

pub use compiled_by::{CompiledBy, compiled_by};
pub use compose::parse_compose;
pub use dockerfile::parse_dockerfile;
pub use elixir::SyntaxError;
pub use github_workflow::{Input, Workflow, parse_workflow};
pub use gitlab_ci::parse_gitlab_ci;
pub use hex_metadata::hex_version;
pub use image::Image;
pub use located::{FormatError, Located};
pub use mise_toml::parse_mise_toml;
pub use mix_exs::{Dep, Environments, MixExs, Repository, Source, parse_mix_exs};
pub use mix_lock::{Locked, Pin, Pinned, Required, parse_mix_lock};
pub use needed::needed;
pub use nix_names::nix_names;
pub use package_json::{PackageJson, package_version, parse_lockfile_version, parse_package_json};
pub use tool_versions::{ToolVersion, parse_tool_versions};
pub use version_file::parse_version_file;

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn files_that_were_made_to_take_long_do_not() {
        let unit = [
            "- ",
            "[",
            "{",
            "a: ",
            "? ",
            "'",
            "\"",
            "&a ",
            "*a ",
            "!t ",
            "|\n",
            "- a\n",
            "a: b\n",
            "[],",
            "{a: [",
            "# c\n",
            "a.",
            "a/",
            "a ",
            "\\\n",
            "ARG A=$A\n",
            "FROM a\n",
            "<<A",
            "${a}",
            "\"${",
            "[a]\n",
            "a=1\n",
            "{\"a\":",
            "elixir 1\n",
            "\t",
            "é",
            ": ",
            "--- \n",
            "%",
            "[[a]]\n",
        ];
        for unit in unit {
            let text = unit.repeat(100_000 / unit.len());
            let parsers: [(&str, &dyn Fn(&str)); 9] = [
                ("yaml", &|it| _ = parse_workflow(it)),
                ("dockerfile", &|it| _ = parse_dockerfile(it)),
                ("mise.toml", &|it| _ = parse_mise_toml(it)),
                ("package.json", &|it| _ = parse_package_json(it)),
                ("package-lock.json", &|it| _ = parse_lockfile_version(it)),
                ("nix", &|it| _ = nix_names(it)),
                (".tool-versions", &|it| _ = parse_tool_versions(it)),
                (".nvmrc", &|it| _ = parse_version_file(it)),
                ("gitlab", &|it| _ = parse_gitlab_ci(it)),
            ];
            for (name, parse) in parsers {
                let begun = Instant::now();
                parse(&text);
                let took = begun.elapsed();
                assert!(took < Duration::from_secs(2), "{name} took {took:?} for {unit:?}");
            }
        }
    }
}
