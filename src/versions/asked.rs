//! From a file to what it asks for.

use std::collections::BTreeMap;

use super::attribute::attribute;
use super::image::image;
use super::{Ask, Origin, Tool, Version, Wanted};
use crate::project::{
    FormatError, Image, Located, ToolVersion, nix_names, parse_compose, parse_dockerfile, parse_gitlab_ci,
    parse_lockfile_version, parse_mise_toml, parse_mix_exs, parse_package_json, parse_tool_versions,
    parse_version_file, parse_workflow,
};

/// The form of a file that asks for versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `.tool-versions`
    ToolVersions,
    /// `mise.toml`
    Mise,
    /// A file that holds one tool's version, such as `.nvmrc`.
    Single(Tool),
    /// `mix.exs`
    Mix,
    /// `package.json`
    Package,
    /// `package-lock.json`
    PackageLock,
    /// Nix
    Nix,
    /// `Dockerfile`
    Docker,
    /// `compose.yaml`
    Compose,
    /// A workflow of GitHub's.
    Workflow,
    /// `.gitlab-ci.yml`
    Gitlab,
}

impl Form {
    /// The form of a file in the project's folder, by its name; `None` where it asks for nothing.
    pub fn of(name: &str) -> Option<Form> {
        let is_yaml = || name.ends_with(".yaml") || name.ends_with(".yml");
        Some(match name {
            ".tool-versions" => Form::ToolVersions,
            "mise.toml" | ".mise.toml" | "mise.local.toml" | ".mise.local.toml" => Form::Mise,
            ".node-version" | ".nvmrc" => Form::Single(Tool::Node),
            ".python-version" => Form::Single(Tool::Python),
            "mix.exs" => Form::Mix,
            "package.json" => Form::Package,
            "package-lock.json" => Form::PackageLock,
            "flake.nix" | "shell.nix" | "devenv.nix" => Form::Nix,
            "Dockerfile" | "Containerfile" => Form::Docker,
            ".gitlab-ci.yml" => Form::Gitlab,
            _ if name.starts_with("Dockerfile.") || name.ends_with(".Dockerfile") => Form::Docker,
            _ if is_yaml() && (name.starts_with("compose.") || name.starts_with("docker-compose.")) => {
                Form::Compose
            }
            _ => return None,
        })
    }

    /// Whether what a shell is given depends on the file, so that it matters if it cannot be read.
    pub fn decides(self) -> bool {
        matches!(self, Form::ToolVersions | Form::Mise | Form::Single(_))
    }
}

/// What a file asks for. `name` is what a person calls it, from the project's folder.
///
/// # Errors
/// The file is not in the form that its name promises.
pub fn asks(form: Form, name: &str, text: &str) -> Result<Vec<Ask>, FormatError> {
    let file = File { name, text };
    Ok(match form {
        Form::ToolVersions => file.pinned(parse_tool_versions(text)?),
        Form::Mise => file.pinned(parse_mise_toml(text)?),
        Form::Single(tool) => {
            let versions = parse_version_file(text)?.into_iter().map(|it| meant(it, single)).collect();
            file.any_of(tool, Origin::Manager, versions).into_iter().collect()
        }
        Form::Mix => {
            let elixir = parse_mix_exs(text)?.elixir.map(|it| meant(it, Wanted::requirement));
            file.any_of(Tool::Elixir, Origin::Code, elixir.into_iter().collect()).into_iter().collect()
        }
        Form::Package => file.package()?,
        Form::PackageLock => file.lock()?,
        Form::Nix => {
            let names = nix_names(text)?.into_iter();
            let names = names.filter_map(|name| attribute(&name.value).map(|found| (name, found)));
            file.grouped(
                Origin::Nix,
                names.map(|(name, (tool, version))| (tool, name, Wanted::Prefix(version))).collect(),
            )
        }
        Form::Docker => file.images(Origin::Docker, parse_dockerfile(text)?),
        Form::Compose => file.images(Origin::Compose, parse_compose(text)?),
        Form::Gitlab => file.images(Origin::Ci, parse_gitlab_ci(text)?),
        Form::Workflow => {
            let workflow = parse_workflow(text)?;
            let inputs = workflow.inputs.into_iter().flat_map(|input| {
                let tool = set_up(&input.action, &input.name);
                input.values.into_iter().filter_map(move |value| Some((tool?, value)))
            });
            let mut found: Vec<_> =
                inputs.map(|(tool, value)| (tool, value.clone(), set_up_version(&value.value))).collect();
            found.extend(workflow.images.into_iter().flat_map(told_by));
            file.grouped(Origin::Ci, found)
        }
    })
}

/// A file with its text.
struct File<'a> {
    name: &'a str,
    text: &'a str,
}

type Found = (Tool, Located<String>, Wanted);

impl File<'_> {
    fn any_of(&self, tool: Tool, origin: Origin, versions: Vec<(Located<String>, Wanted)>) -> Option<Ask> {
        Ask::any_of(tool, origin, (self.name, self.text), versions)
    }

    /// One place for each tool: in such a file, several versions are for several purposes.
    fn grouped(&self, origin: Origin, found: Vec<Found>) -> Vec<Ask> {
        let mut tools: BTreeMap<Tool, Vec<(Located<String>, Wanted)>> = BTreeMap::new();
        for (tool, written, wanted) in found {
            tools.entry(tool).or_default().push((written, wanted));
        }
        tools.into_iter().filter_map(|(tool, versions)| self.any_of(tool, origin, versions)).collect()
    }

    fn images(&self, origin: Origin, images: Vec<Image>) -> Vec<Ask> {
        self.grouped(origin, images.into_iter().flat_map(told_by).collect())
    }

    /// What a version manager's file asks for, and what its Elixir was built for.
    fn pinned(&self, pins: Vec<Located<ToolVersion>>) -> Vec<Ask> {
        let mut found = Vec::new();
        let mut built_for = Vec::new();
        for pin in pins {
            let Some(tool) = Tool::of_plugin(&pin.value.tool) else { continue };
            let written = pin.with(pin.value.version.clone());
            if tool == Tool::Elixir
                && let Some((_, otp)) = pin.value.version.split_once("-otp-")
                && let Some(otp) = Version::parse(otp)
            {
                built_for.push((written.clone(), Wanted::at_least(&otp)));
            }
            let wanted = managed(&pin.value.version);
            found.push((tool, written, wanted));
        }
        let mut asks = self.grouped(Origin::Manager, found);
        // An Elixir that was built for an OTP does not run on an older one.
        asks.extend(self.any_of(Tool::Erlang, Origin::Manager, built_for));
        asks
    }

    fn package(&self) -> Result<Vec<Ask>, FormatError> {
        let package = parse_package_json(self.text)?;
        let tool = |name: &str| match name {
            "node" => Some(Tool::Node),
            "npm" => Some(Tool::Npm),
            _ => None,
        };
        let pinned = package.volta.into_iter().chain(package.package_manager);
        let pinned = pinned.map(|it| (Origin::Manager, it, Wanted::prefix as fn(&str) -> Wanted));
        let engines =
            package.engines.into_iter().map(|it| (Origin::Engines, it, Wanted::range as fn(&str) -> Wanted));
        let asks = engines.chain(pinned).filter_map(|(origin, it, read)| {
            let tool = tool(&it.value.0)?;
            self.any_of(tool, origin, vec![meant(it.with(it.value.1.clone()), read)])
        });
        Ok(asks.collect())
    }

    /// A lock file's form tells which npm can read it: 2 and 3 came with npm 7.
    fn lock(&self) -> Result<Vec<Ask>, FormatError> {
        let version = parse_lockfile_version(self.text)?.filter(|version| version.value >= 2);
        let version =
            version.map(|it| (it.with(format!("lockfileVersion {}", it.value)), Wanted::range(">=7")));
        Ok(self.any_of(Tool::Npm, Origin::Engines, version.into_iter().collect()).into_iter().collect())
    }
}

fn meant(written: Located<String>, read: impl Fn(&str) -> Wanted) -> (Located<String>, Wanted) {
    let wanted = read(&written.value);
    (written, wanted)
}

/// What asdf or mise take a version for.
fn managed(written: &str) -> Wanted {
    let version =
        written.strip_prefix("prefix:").or_else(|| written.strip_prefix("latest:")).unwrap_or(written);
    Wanted::prefix(version.split("-otp-").next().unwrap_or_default())
}

/// What a file of one tool's version says. Node's long-term releases have names.
fn single(written: &str) -> Wanted {
    // https://github.com/nodejs/Release#release-schedule
    let release = match written.strip_prefix("lts/").map(str::to_ascii_lowercase).as_deref() {
        Some("gallium") => "16",
        Some("hydrogen") => "18",
        Some("iron") => "20",
        Some("jod") => "22",
        Some("krypton") => "24",
        _ => written,
    };
    Wanted::prefix(release)
}

/// The tool whose version an input of an action chooses.
fn set_up(action: &str, input: &str) -> Option<Tool> {
    match (action, input) {
        ("erlef/setup-beam" | "erlef/setup-elixir" | "actions/setup-elixir", _) => match input {
            "elixir-version" => Some(Tool::Elixir),
            "otp-version" => Some(Tool::Erlang),
            _ => None,
        },
        ("actions/setup-node", "node-version") => Some(Tool::Node),
        ("actions/setup-python", "python-version") => Some(Tool::Python),
        ("ankane/setup-postgres" | "ikalnytskyi/action-setup-postgres", "postgres-version") => {
            Some(Tool::Postgres)
        }
        _ => None,
    }
}

/// What such an action takes a version for.
fn set_up_version(written: &str) -> Wanted {
    let version = written.strip_prefix("OTP-").unwrap_or(written);
    Wanted::prefix_or_range(version.split("-otp-").next().unwrap_or_default())
}

/// What an image's name tells; each version at the place where it is written.
fn told_by(named: Image) -> Vec<Found> {
    let tell = |(tool, version): (Tool, Version)| {
        let shown = version.to_string();
        let place = named.filled_in.iter().find(|it| it.value == shown).unwrap_or(&named.name);
        (tool, place.with(shown), Wanted::Prefix(version))
    };
    image(&named.name.value).into_iter().map(tell).collect()
}

#[cfg(test)]
mod tests;
