//! What is asked for, and whether it agrees with what is there or with what is asked for elsewhere.

use super::{Tool, Version};
use crate::facts::{is_bounded, requirement};

/// What a place asks for.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// Every version that begins so; one with all its numbers is just that one.
    Prefix(Version),
    /// A requirement as Elixir writes it: `~> 1.17 or >= 2.0.0`.
    Requirement(hexpm::version::Range),
    /// A range as npm writes it: `^20.11 || >=22`.
    Range(nodejs_semver::Range),
    /// What cannot be compared: `latest`, `system`, `ref:main` …
    Anything,
}

/// Whether two things about versions agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// They do.
    Agrees,
    /// They are of one series, and differ in a later number, as 1.17.2 and 1.17.3 do.
    Nearly,
    /// Nobody can tell.
    Open,
    /// They do not.
    Differs,
}

impl Agreement {
    /// Its name in data.
    pub fn name(self) -> &'static str {
        match self {
            Agreement::Agrees => "agrees",
            Agreement::Nearly => "nearly",
            Agreement::Open => "open",
            Agreement::Differs => "differs",
        }
    }
}

impl Wanted {
    /// The version, or the beginning of one, that a text is.
    pub(super) fn prefix(text: &str) -> Wanted {
        Version::parse(text).map_or(Wanted::Anything, Wanted::Prefix)
    }

    /// Elixir's requirement that a text is.
    pub(super) fn requirement(text: &str) -> Wanted {
        requirement(text).map_or(Wanted::Anything, Wanted::Requirement)
    }

    /// Every version that is not older.
    pub(super) fn at_least(version: &Version) -> Wanted {
        Wanted::requirement(&format!(">= {}", spelt_out(version)))
    }

    /// npm's range that a text is.
    pub(super) fn range(text: &str) -> Wanted {
        let parsed = is_bounded(text).then(|| nodejs_semver::Range::parse(text).ok());
        parsed.flatten().map_or(Wanted::Anything, Wanted::Range)
    }

    /// A version or its beginning, or else npm's range that a text is.
    pub(super) fn prefix_or_range(text: &str) -> Wanted {
        match Wanted::prefix(text) {
            Wanted::Anything => Wanted::range(text),
            prefix => prefix,
        }
    }

    /// Whether a version of a tool is what is asked for.
    pub(super) fn is_met_by(&self, version: &Version, tool: Tool) -> Agreement {
        let is_met = match self {
            Wanted::Prefix(prefix) if version.begins_with(prefix) => true,
            Wanted::Prefix(prefix) if version.is_akin(prefix, tool.series()) => return Agreement::Nearly,
            Wanted::Prefix(_) => false,
            Wanted::Requirement(requirement) => match hexpm::version::Version::parse(&spelt_out(version)) {
                Ok(version) => requirement.to_pubgrub().contains(&version),
                Err(_) => return Agreement::Open,
            },
            Wanted::Range(range) => match nodejs_semver::Version::parse(spelt_out(version)) {
                Ok(version) => range.satisfies_with_prerelease(&version, true),
                Err(_) => return Agreement::Open,
            },
            Wanted::Anything => return Agreement::Open,
        };
        if is_met { Agreement::Agrees } else { Agreement::Differs }
    }

    /// Whether one version of a tool could be what both ask for.
    pub(super) fn goes_with(&self, other: &Wanted, tool: Tool) -> Agreement {
        let has_common = match (self, other) {
            (Wanted::Prefix(one), Wanted::Prefix(other)) => {
                if one.begins_with(other) || other.begins_with(one) {
                    return Agreement::Agrees;
                }
                return if one.is_akin(other, tool.series()) {
                    Agreement::Nearly
                } else {
                    Agreement::Differs
                };
            }
            (Wanted::Requirement(one), Wanted::Requirement(other)) => {
                !one.to_pubgrub().is_disjoint(other.to_pubgrub())
            }
            (Wanted::Prefix(prefix), requirement @ Wanted::Requirement(_))
            | (requirement @ Wanted::Requirement(_), Wanted::Prefix(prefix)) => {
                return requirement.goes_with(&Wanted::requirement(&all_of(prefix, " and ")), tool);
            }
            (Wanted::Range(one), Wanted::Range(other)) => one.allows_any(other),
            (Wanted::Prefix(prefix), range @ Wanted::Range(_))
            | (range @ Wanted::Range(_), Wanted::Prefix(prefix)) => {
                return range.goes_with(&Wanted::range(&all_of(prefix, " ")), tool);
            }
            (Wanted::Anything, _)
            | (_, Wanted::Anything)
            | (Wanted::Requirement(_), Wanted::Range(_))
            | (Wanted::Range(_), Wanted::Requirement(_)) => return Agreement::Open,
        };
        if has_common { Agreement::Agrees } else { Agreement::Differs }
    }
}

/// A version with just three numbers.
fn spelt_out(version: &Version) -> String {
    let [major, minor, patch] = version.three();
    let pre = version.pre().map(|pre| format!("-{pre}"));
    format!("{major}.{minor}.{patch}{}", pre.unwrap_or_default())
}

/// All versions that begin so, as a requirement or a range.
fn all_of(prefix: &Version, and: &str) -> String {
    let [major, minor, patch] = prefix.three_above();
    format!(">= {}{and}< {major}.{minor}.{patch}", spelt_out(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(text: &str) -> Wanted {
        match text.split_once(' ') {
            Some(("hex", text)) => Wanted::requirement(text),
            Some(("npm", text)) => Wanted::range(text),
            _ => Wanted::prefix(text),
        }
    }

    #[test]
    fn what_is_there_against_what_is_asked_for() {
        use Agreement::*;
        for (tool, version, asked, expected) in [
            (Tool::Elixir, "1.17.3", "hex ~> 1.17", Agrees),
            (Tool::Elixir, "1.14.0", "hex ~> 1.17", Differs),
            (Tool::Elixir, "1.18.0-rc.0", "hex ~> 1.17", Agrees),
            (Tool::Elixir, "1.17.3", "hex 1.17", Open),
            (Tool::Elixir, "1.17.3", "1.17.3", Agrees),
            (Tool::Elixir, "1.17.2", "1.17.3", Nearly),
            (Tool::Elixir, "1.16.2", "1.17.3", Differs),
            (Tool::Erlang, "27.3.4.1", "27.0.1", Nearly),
            (Tool::Erlang, "25.3", "27.0.1", Differs),
            (Tool::Erlang, "27.3.4.1", "hex >= 27.0.0", Agrees),
            (Tool::Erlang, "26.2", "hex >= 27.0.0", Differs),
            (Tool::Node, "20.11.0", "npm >=18 <21 || ^22", Agrees),
            (Tool::Node, "21.0.0", "npm >=18 <21 || ^22", Differs),
            (Tool::Node, "21.0.0", "npm *", Agrees),
            (Tool::Node, "22.1.0", "20", Differs),
            (Tool::Python, "3.12.4", "3.11", Differs),
            (Tool::Postgres, "16.3", "16", Agrees),
            (Tool::Node, "22.1.0", "latest", Open),
        ] {
            let version = Version::parse(version).unwrap();
            assert_eq!(wanted(asked).is_met_by(&version, tool), expected, "{tool} {version} {asked}");
        }
    }

    #[test]
    fn two_that_are_asked_for() {
        use Agreement::*;
        for (tool, one, other, expected) in [
            (Tool::Elixir, "1.17.3", "1.17", Agrees),
            (Tool::Elixir, "1.17.3", "1.17.2", Nearly),
            (Tool::Elixir, "1.17.3", "1.18", Differs),
            (Tool::Elixir, "1.18", "hex ~> 1.17", Agrees),
            (Tool::Elixir, "1.16", "hex ~> 1.17", Differs),
            (Tool::Elixir, "1.18", "hex ~> 1.17.0", Differs),
            (Tool::Elixir, "hex < 1.16.0", "hex ~> 1.17", Differs),
            (Tool::Elixir, "1", "hex ~> 1.17", Agrees),
            (Tool::Node, "20", "npm >=18", Agrees),
            (Tool::Node, "16.20.1", "npm >=18", Differs),
            (Tool::Node, "npm ^20", "npm >=22", Differs),
            (Tool::Node, "npm ^20", "npm >=18", Agrees),
            (Tool::Elixir, "npm ^1.15", "hex ~> 1.17", Open),
            (Tool::Elixir, "latest", "1.17", Open),
        ] {
            assert_eq!(wanted(one).goes_with(&wanted(other), tool), expected, "{one} {other}");
            assert_eq!(wanted(other).goes_with(&wanted(one), tool), expected, "{other} {one}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(one in r"([~<>=!^*|x. -]|and|or|[0-9]{1,12}|rc|é)*", other in r"([~<>=! -]|and|or|[0-9.]{1,9})*") {
            for make in [Wanted::prefix, Wanted::requirement, Wanted::range] {
                let one = make(&one);
                let _ = one.goes_with(&make(&other), Tool::Elixir);
                let _ = one.is_met_by(&Version::parse("1.17.3").unwrap(), Tool::Elixir);
            }
        }
    }
}
