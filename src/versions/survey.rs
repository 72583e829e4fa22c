//! What is asked for, what is there, and how the two stand to each other.

use super::{Agreement, Ask, Origin, Tool, Version};
use crate::facts::{Place, Reading};

/// What a shell has of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Has {
    /// The version, as the tool's own files tell it.
    pub version: String,
    /// Where the tool stands on PATH.
    pub path: String,
}

/// The shell in which versions are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shell {
    /// It was made by Nix, and says so.
    pub in_nix: bool,
    /// The project has files that make such a shell.
    pub has_nix_files: bool,
}

/// All about one tool.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The tool.
    pub tool: Tool,
    /// What the shell has.
    pub has: Reading<Has>,
    /// Each place that asks for the tool.
    pub rows: Vec<Row>,
    /// Places that no version could satisfy both, as positions in `rows`.
    pub conflicts: Vec<(usize, usize)>,
}

/// A place that asks for the tool.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it asks for.
    pub ask: Ask,
    /// Whether the shell has it.
    pub met: Agreement,
    /// Whether it speaks for this shell, and not for a container or for another shell.
    pub is_for_shell: bool,
}

/// How it stands with a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All that can be compared agrees.
    Agrees,
    /// All agrees, but for the last numbers of versions.
    Nearly,
    /// No place names a version that could be compared.
    Open,
    /// The shell has another version than some place asks for.
    Unmet,
    /// Places ask for different versions.
    AtOdds,
    /// The shell has none, and a place asks for one in it.
    Missing,
    /// It is not there, and no place asks for it on this PATH.
    Elsewhere,
    /// Nobody can tell which version the shell has.
    Unknown,
}

impl Verdict {
    /// Its name in data.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Agrees => "agrees",
            Verdict::Nearly => "nearly",
            Verdict::Open => "open",
            Verdict::Unmet => "unmet",
            Verdict::AtOdds => "at_odds",
            Verdict::Missing => "missing",
            Verdict::Elsewhere => "elsewhere",
            Verdict::Unknown => "unknown",
        }
    }

    /// Whether something is wrong.
    pub fn is_wrong(self) -> bool {
        matches!(self, Verdict::Unmet | Verdict::AtOdds | Verdict::Missing)
    }
}

impl Standing {
    /// Compares what is asked for with what is there, and with itself.
    pub fn of(tool: Tool, has: Reading<Has>, asks: Vec<Ask>, shell: Shell) -> Standing {
        let path = has.as_present().map_or("", |has| has.path.as_str());
        let is_of_nix = path.starts_with("/nix/store/") || path.contains("/.devenv/");
        let version = has.as_present().and_then(|has| Version::parse(&has.version));
        let row = |ask: Ask| {
            let is_for_shell = match ask.origin {
                Origin::Code | Origin::Engines => true,
                // What the project's Nix shell brings is no business of the version manager's.
                Origin::Manager => !(is_of_nix && shell.has_nix_files),
                Origin::Nix => is_of_nix || shell.in_nix,
                Origin::Compose | Origin::Ci | Origin::Docker => false,
            };
            // Of PostgreSQL the shell has the client, and a container the server.
            let is_comparable = tool != Tool::Postgres || !ask.origin.is_container();
            let met = version.as_ref().filter(|_| is_comparable);
            let met = met.map_or(Agreement::Open, |version| ask.is_met_by(version));
            Row { ask, met, is_for_shell }
        };
        let rows: Vec<Row> = asks.into_iter().map(row).collect();
        let pairs = (0..rows.len()).flat_map(|one| (one + 1..rows.len()).map(move |other| (one, other)));
        let differ =
            |&(one, other): &(usize, usize)| rows[one].ask.goes_with(&rows[other].ask) == Agreement::Differs;
        let conflicts = pairs.filter(differ).collect();
        Standing { tool, has, rows, conflicts }
    }

    /// How it stands.
    pub fn verdict(&self) -> Verdict {
        let is_met = |agreement: Agreement| self.rows.iter().any(|row| row.met == agreement);
        match &self.has {
            _ if is_met(Agreement::Differs) => Verdict::Unmet,
            _ if !self.conflicts.is_empty() => Verdict::AtOdds,
            Reading::Absent if !self.is_needed_on_path() => Verdict::Elsewhere,
            Reading::Absent => Verdict::Missing,
            Reading::Present(_) if is_met(Agreement::Nearly) => Verdict::Nearly,
            Reading::Present(_) if is_met(Agreement::Agrees) => Verdict::Agrees,
            Reading::Present(_) => Verdict::Open,
            _ => Verdict::Unknown,
        }
    }

    /// Nix's Elixir finds the Erlang that it was built with by itself.
    fn is_needed_on_path(&self) -> bool {
        let is_brought = |origin: Origin| origin == Origin::Nix && self.tool == Tool::Erlang;
        self.rows.iter().any(|row| !row.ask.origin.is_container() && !is_brought(row.ask.origin))
    }

    /// The one place without which no two would be at odds.
    pub fn odd_one_out(&self) -> Option<&Row> {
        let is_in_all = |at: &usize| self.conflicts.iter().all(|(one, other)| one == at || other == at);
        let mut odd = (0..self.rows.len()).filter(|_| !self.conflicts.is_empty()).filter(is_in_all);
        // Of just two, each is as odd as the other.
        odd.next().filter(|_| odd.next().is_none()).map(|at| &self.rows[at])
    }

    /// Whether a rule of envdoctor's own says more about it: what differs elsewhere alone may well be meant.
    pub fn is_told_by_rules(&self) -> bool {
        let is_unmet = |row: &Row| row.is_for_shell && row.met == Agreement::Differs;
        self.rows.iter().any(is_unmet) || !self.conflicts.is_empty()
    }

    /// The first place whose version the shell does not have, though it speaks for it, in words. What the project's code
    /// itself refuses to run with makes all else about the tool beside the point.
    pub fn unmet(&self) -> Option<(String, Place)> {
        let by_code = |row: &Row| matches!(row.ask.origin, Origin::Code | Origin::Engines);
        match self.rows.iter().any(|row| by_code(row) && row.met == Agreement::Differs) {
            true => None,
            false => self.instead(|row| !by_code(row)),
        }
    }

    /// The first `engines` that the shell does not meet, in words.
    pub fn unmet_engines(&self) -> Option<(String, Place)> {
        self.instead(|row| row.ask.origin == Origin::Engines)
    }

    fn instead(&self, of: impl Fn(&Row) -> bool) -> Option<(String, Place)> {
        let has = self.has.as_present()?;
        let is_unmet = |row: &&Row| row.is_for_shell && row.met == Agreement::Differs && of(row);
        let row = self.rows.iter().find(is_unmet)?;
        let words = format!("{} {} instead of {}", self.tool, has.version, row.ask.words());
        Some((words, row.ask.place.clone()))
    }

    /// Each place that is at odds with another, in words.
    pub fn at_odds(&self) -> Vec<(String, Place)> {
        let is_at_odds = |at: &usize| self.conflicts.iter().any(|(one, other)| one == at || other == at);
        let words = |row: &Row| {
            // The name of an attribute tells the tool.
            let tool = if row.ask.origin == Origin::Nix { String::new() } else { format!("{} ", self.tool) };
            (format!("{tool}{} in {}", row.ask.words(), row.ask.place.file), row.ask.place.clone())
        };
        (0..self.rows.len()).filter(is_at_odds).map(|at| words(&self.rows[at])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::versions::{Form, asks};

    fn has(version: &str, path: &str) -> Reading<Has> {
        Reading::Present(Has { version: version.to_owned(), path: path.to_owned() })
    }

    fn standing(tool: Tool, has: Reading<Has>, files: &[(&str, &str)]) -> Standing {
        let form =
            |name: &str| if name.contains("workflows/") { Some(Form::Workflow) } else { Form::of(name) };
        let asked = files.iter().flat_map(|(name, text)| asks(form(name).unwrap(), name, text).unwrap());
        let shell =
            Shell { in_nix: false, has_nix_files: files.iter().any(|(name, _)| *name == "flake.nix") };
        Standing::of(tool, has, asked.filter(|ask| ask.tool == tool).collect(), shell)
    }

    const MIX: (&str, &str) = ("mix.exs", "defmodule A do\n def project, do: [elixir: \"~> 1.17\"]\nend");
    const TOOLS: (&str, &str) = (".tool-versions", "elixir 1.17.3-otp-27\n");
    const FLAKE: (&str, &str) = ("flake.nix", "{ a = pkgs.elixir_1_18; }");
    const CI: (&str, &str) = (
        ".github/workflows/ci.yml",
        "jobs: {t: {steps: [{uses: erlef/setup-beam@v1, with: {elixir-version: 1.16}}]}}",
    );

    fn words(of: Vec<(String, Place)>) -> Vec<String> {
        of.into_iter().map(|(words, place)| format!("{words} @{}", place.line)).collect()
    }

    #[test]
    fn what_agrees_is_quiet() {
        for (version, files, verdict) in [
            ("1.17.3", vec![MIX, TOOLS], Verdict::Agrees),
            ("1.17.1", vec![MIX, TOOLS], Verdict::Nearly),
            ("1.18.1", vec![MIX, FLAKE], Verdict::Agrees),
            ("1.18.1", vec![], Verdict::Open),
        ] {
            let standing = standing(Tool::Elixir, has(version, "/usr/bin/elixir"), &files);
            assert_eq!(standing.verdict(), verdict, "{version}");
            assert!(standing.unmet().is_none() && standing.at_odds().is_empty());
        }
    }

    #[test]
    fn another_version_than_the_version_manager_s() {
        let other = standing(Tool::Elixir, has("1.16.2", "/usr/bin/elixir"), &[TOOLS]);
        assert_eq!(other.verdict(), Verdict::Unmet);
        assert_eq!(words(other.unmet().into_iter().collect()), ["Elixir 1.16.2 instead of 1.17.3-otp-27 @1"]);
        // That the project's code cannot run with it is told by itself.
        let unable = standing(Tool::Elixir, has("1.16.2", "/usr/bin/elixir"), &[TOOLS, MIX]);
        assert_eq!((unable.verdict(), unable.unmet()), (Verdict::Unmet, None));
    }

    #[test]
    fn places_that_are_at_odds() {
        let all = standing(Tool::Elixir, has("1.18.1", "/nix/store/x/bin/elixir"), &[MIX, TOOLS, FLAKE, CI]);
        assert_eq!(
            words(all.at_odds()),
            [
                "Elixir ~> 1.17 in mix.exs @2",
                "Elixir 1.17.3-otp-27 in .tool-versions @1",
                "elixir_1_18 in flake.nix @1",
                "Elixir 1.16 in .github/workflows/ci.yml @1"
            ]
        );
        // The shell is Nix's, and has what the flake says.
        assert_eq!((all.verdict(), all.unmet()), (Verdict::Unmet, None));
        assert!(all.odd_one_out().is_none());
        let odd = standing(Tool::Elixir, Reading::Absent, &[MIX, TOOLS, CI]);
        assert_eq!(odd.odd_one_out().unwrap().ask.origin, Origin::Ci);
        let outside = standing(Tool::Elixir, has("1.17.3", "/usr/bin/elixir"), &[FLAKE]);
        assert!(outside.unmet().is_none());
        let other = (".github/workflows/other.yml", "jobs: {t: {container: 'elixir:1.15'}}");
        assert!(standing(Tool::Elixir, Reading::Absent, &[CI, other]).at_odds().is_empty());
    }

    #[test]
    fn a_tool_that_is_not_there() {
        let compose = ("compose.yaml", "services: {db: {image: 'postgres:16'}}");
        let flake = ("flake.nix", "{ a = pkgs.postgresql_15; }");
        let verdict = |has, files: &[_]| standing(Tool::Postgres, has, files).verdict();
        assert_eq!(verdict(Reading::Absent, &[compose]), Verdict::Elsewhere);
        assert_eq!(verdict(has("15.4", "/usr/bin/psql"), &[compose]), Verdict::Open);
        assert_eq!(verdict(has("15.4", "/usr/bin/psql"), &[compose, flake]), Verdict::AtOdds);
        assert_eq!(verdict(Reading::Absent, &[flake]), Verdict::Missing);
        assert_eq!(verdict(Reading::Denied, &[flake]), Verdict::Unknown);
        let beam = [("flake.nix", "{ a = pkgs.beam.packages.erlang_27.elixir_1_18; }")];
        assert_eq!(standing(Tool::Erlang, Reading::Absent, &beam).verdict(), Verdict::Elsewhere);
        assert_eq!(standing(Tool::Elixir, Reading::Absent, &beam).verdict(), Verdict::Missing);
    }
}
