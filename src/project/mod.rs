//! Reading the files that can stand in a project, without evaluating them.

mod asdf_commands;
mod channel;
mod compiled_by;
mod compose;
mod dockerfile;
mod elixir;
mod elixir_config;
mod envrc;
mod flake;
mod flake_lock;
mod git_config;
mod github_workflow;
mod gitlab_ci;
mod hex_metadata;
mod ignores;
mod image;
mod jsonc;
mod located;
mod mise_toml;
mod mix_exs;
mod mix_lock;
mod mojibake;
mod needed;
mod nix;
mod npm_packages;
mod opencode;
mod package_json;
mod postgres_url;
mod serena;
mod tool_versions;
mod version_file;
mod yaml;

pub use asdf_commands::{AsdfCommand, Era, asdf_commands, corrected};
pub use channel::Release;
pub use compiled_by::{CompiledBy, compiled_by};
pub use compose::parse_compose;
pub use dockerfile::parse_dockerfile;
pub use elixir_config::{ElixirConfig, Setting, Setup, parse_elixir_config};
pub use envrc::{Envrc, dotenv_names, parse_dotenv, parse_envrc};
pub use flake::{
    Arguments, Export, Expression, Flake, FlakeInput, Hook, Nixpkgs, Package, PathUse, cannot_exist, exports,
    is_system, parse_flake, parse_nix,
};
pub use flake_lock::{FlakeLock, LockError, LockedInput, parse_flake_lock, same_input};
pub use git_config::{GitConfig, is_safe, parse_git_config};
pub use github_workflow::{Input, Workflow, parse_workflow};
pub use gitlab_ci::parse_gitlab_ci;
pub use hex_metadata::hex_version;
pub use ignores::{EndingIgnore, parse_ignores};
pub use image::Image;
pub(crate) use jsonc::{jsonc_options, parse_jsonc};
pub(crate) use located::is_large;
pub use located::{FormatError, Located};
pub use mise_toml::parse_mise_toml;
pub use mix_exs::{Dep, Environments, MixExs, Repository, Source, parse_mix_exs};
pub use mix_lock::{Locked, Pin, Pinned, Required, parse_mix_lock};
pub use mojibake::{Garbled, mojibake};
pub use needed::needed;
pub use nix::{Mistake, NixError, Semicolon, nix_mistake, nix_names};
pub use npm_packages::{needs_packages, outdated_packages};
pub use opencode::{McpServer, OpencodeConfig, Provider, parse_opencode};
pub use package_json::{PackageJson, package_version, parse_lockfile_version, parse_package_json};
pub use postgres_url::{PostgresUrl, parse_postgres_url};
pub use serena::{mistakes_in_serena_config, mistakes_in_serena_project};
pub use tool_versions::{ToolVersion, parse_tool_versions};
pub use version_file::parse_version_file;

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    type Parser = (&'static str, fn(&str));

    #[test]
    fn files_that_were_made_to_take_long_do_not() {
        let units = "- ¦[¦{¦a: ¦? ¦'¦\"¦&a ¦*a ¦!t ¦|\n¦- a\n¦a: b\n¦[],¦{a: [¦# c\n¦a.¦a/¦\
                     a ¦\\\n¦ARG A=$A\n¦FROM a\n¦<<A¦${a}¦\"${¦[a]\n¦a=1\n¦{\"a\":¦elixir 1\n¦\t¦é¦: ¦--- \n¦%¦[[a]]\n";
        for unit in units.split('¦') {
            let text = unit.repeat(100_000 / unit.len());
            let parsers: [Parser; 14] = [
                ("yaml", |it| _ = parse_workflow(it)),
                ("dockerfile", |it| _ = parse_dockerfile(it)),
                ("mise.toml", |it| _ = parse_mise_toml(it)),
                ("package.json", |it| _ = parse_package_json(it)),
                ("package-lock.json", |it| _ = parse_lockfile_version(it)),
                ("nix", |it| _ = nix_names(it)),
                (".tool-versions", |it| _ = parse_tool_versions(it)),
                (".nvmrc", |it| _ = parse_version_file(it)),
                ("gitlab", |it| _ = parse_gitlab_ci(it)),
                ("config.exs", |it| _ = parse_elixir_config(it, "dev")),
                ("opencode.json", |it| _ = parse_opencode(it)),
                ("project.yml", |it| _ = mistakes_in_serena_project(it)),
                ("git's config", |it| _ = parse_git_config(it)),
                ("node_modules", |it| _ = outdated_packages(it, it)),
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
