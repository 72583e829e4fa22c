//! What `envdoctor.yaml` ignores until some day.

use jiff::civil::Date;

use super::yaml;
use super::{FormatError, Located};

/// A rule whose findings do not count until a day is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingIgnore {
    /// The rule's id.
    pub rule: Located<String>,
    /// The last day.
    pub until: Date,
}

/// The ignores that have a last day. What is no ignore is told by whoever reads the settings.
///
/// # Errors
/// The text is not YAML.
pub fn parse_ignores(text: &str) -> Result<Vec<EndingIgnore>, FormatError> {
    let file = yaml::parse(text)?;
    let ignores = file.get("ignore").map(|ignores| ignores.items()).unwrap_or_default();
    let ending = ignores.iter().filter_map(|ignore| {
        let rule = ignore.get("rule")?.text()?.clone();
        Some(EndingIgnore { rule, until: ignore.get("until")?.text()?.value.parse().ok()? })
    });
    Ok(ending.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_ends_is_listed() {
        let text =
            "fail_on: error\nignore:\n  - {rule: a, reason: x}\n  - rule: b\n    until: 2026-01-31\n  - 3\n";
        let ending = parse_ignores(text).unwrap();
        assert_eq!(ending.len(), 1);
        assert_eq!(
            (ending[0].rule.value.as_str(), ending[0].until.to_string()),
            ("b", "2026-01-31".to_owned())
        );
        assert_eq!(&text[ending[0].rule.offset..][..1], "b");
        assert_eq!(parse_ignores("# nothing\n").unwrap_or_default(), []);
        assert!(parse_ignores("a: [").is_err());
    }
}
