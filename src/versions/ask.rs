//! One place that asks for versions of a tool.

use super::{Agreement, Tool, Version, Wanted};
use crate::facts::Place;
use crate::project::Located;

/// A place that asks for versions of a tool.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The tool.
    pub tool: Tool,
    /// The place; of several in one file, the first.
    pub place: Place,
    /// What stands there; several, where any of them will do.
    pub written: Vec<String>,
    /// What that means, in the same order.
    pub wanted: Vec<Wanted>,
    /// What kind of file it is.
    pub origin: Origin,
}

/// So many characters of what is asked for are shown.
const LONGEST: usize = 80;

/// What a file is there for, which decides for whom it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It says what the project's own code can run with: mix.exs.
    Code,
    /// It says what the project's JavaScript can run with: package.json's `engines`.
    Engines,
    /// It is read by a version manager: .tool-versions, mise.toml, .nvmrc …
    Manager,
    /// It makes a shell of Nix: flake.nix, shell.nix, devenv.nix.
    Nix,
    /// It runs services beside the shell: compose.yaml.
    Compose,
    /// It runs the project elsewhere, to test it.
    Ci,
    /// It makes an image of the project.
    Docker,
}

impl Origin {
    /// Whether two files that differ are at odds. Workflows, and images, each may be for another purpose.
    fn is_at_odds_with(self, other: Origin) -> bool {
        self != other || !self.is_container()
    }

    /// Whether it speaks of what runs outside of a person's shell.
    pub(super) fn is_container(self) -> bool {
        matches!(self, Origin::Compose | Origin::Ci | Origin::Docker)
    }
}

impl Ask {
    /// One of these versions, at the first of their places. `None` if there are none.
    pub(super) fn any_of(
        tool: Tool,
        origin: Origin,
        (file, text): (&str, &str),
        versions: Vec<(Located<String>, Wanted)>,
    ) -> Option<Ask> {
        let (first, _) = versions.first()?;
        let place = Place::at(file, text, first.offset);
        let (mut written, mut wanted): (Vec<String>, Vec<Wanted>) = (Vec::new(), Vec::new());
        for (version, meant) in versions {
            let shown = shown(&version.value);
            if !written.contains(&shown) {
                written.push(shown);
                wanted.push(meant);
            }
        }
        Some(Ask { tool, place, written, wanted, origin })
    }

    /// Whether a version is what is asked for here.
    pub fn is_met_by(&self, version: &Version) -> Agreement {
        best(self.wanted.iter().map(|wanted| wanted.is_met_by(version, self.tool)))
    }

    /// Whether one version could be what is asked for here and there.
    pub fn goes_with(&self, other: &Ask) -> Agreement {
        if !self.origin.is_at_odds_with(other.origin) {
            return Agreement::Open;
        }
        let pairs = self.wanted.iter().flat_map(|one| other.wanted.iter().map(move |other| (one, other)));
        best(pairs.map(|(one, other)| one.goes_with(other, self.tool)))
    }

    /// What is asked for, in a few words: `1.16, 1.17 or 1.18`.
    pub fn words(&self) -> String {
        match self.written.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        }
    }
}

/// What a file says, as it can be shown: whoever wrote it may have put anything there.
fn shown(written: &str) -> String {
    let visible = written.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    visible.take(LONGEST).collect()
}

fn best(all: impl Iterator<Item = Agreement>) -> Agreement {
    all.min().unwrap_or(Agreement::Open)
}
