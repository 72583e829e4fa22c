//! Adding to files that are there already, so that all that stands in them stays.

use serde_yaml::Value;

/// The text with another one behind it.
#[expect(clippy::unnecessary_wraps, reason = "other files cannot always be added to")]
pub(super) fn append(before: &str, text: &str) -> Option<String> {
    let end = match before {
        "" => "",
        _ if before.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    Some(format!("{before}{end}{text}"))
}

/// pre-commit's settings with the repositories of others behind its own; `None`: they are in a form to which lines cannot
/// simply be added.
pub(super) fn append_repository(before: &str, text: &str) -> Option<String> {
    let items: Vec<&str> = text.lines().skip(1).collect();
    let ours = "  ";
    let start = before.lines().skip_while(|line| line.trim_end() != "repos:").nth(1)?;
    let indent = &start[..start.len() - start.trim_start().len()];
    let added = items.iter().map(|line| format!("{indent}{}\n", line.strip_prefix(ours).unwrap_or(line)));
    let line_end = if before.ends_with('\n') { "" } else { "\n" };
    let after = format!("{before}{line_end}{}", added.collect::<String>());
    // Only what is read as just that is what was meant.
    let mut wanted: Value = serde_yaml::from_str(before).ok()?;
    let more: Value = serde_yaml::from_str(text).ok()?;
    let more = more.get("repos")?.as_sequence()?.clone();
    wanted.get_mut("repos")?.as_sequence_mut()?.extend(more);
    (serde_yaml::from_str::<Value>(&after).ok()? == wanted).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = include_str!("snippets/pre-commit.yaml");

    #[test]
    fn a_hook_is_added_in_the_files_own_style() {
        let before =
            "default_stages: [pre-commit]\nrepos:\n# formatters\n- repo: local\n  hooks:\n  - id: x  # ours";
        let after = append_repository(before, OURS).unwrap();
        assert!(
            after.starts_with(before) && after.contains("\n- repo: local\n  hooks:\n    - id: envdoctor\n"),
            "{after}"
        );
        let indented = "repos:\n    - repo: local\n      hooks:\n        - id: x\n";
        assert!(
            append_repository(indented, OURS)
                .unwrap()
                .contains("\n    - repo: local\n      hooks:\n        - id: envdoctor\n")
        );
    }

    #[test]
    fn what_lines_cannot_be_added_to_is_left() {
        for before in [
            "repos: []\n",
            "repos:\n  - repo: local\n    hooks: []\nci: {}\n",
            "repos:\n",
            "",
            "repos:\n  - {repo: local\n",
        ] {
            assert_eq!(append_repository(before, OURS), None, "{before}");
        }
    }

    #[test]
    fn a_text_is_added_behind_a_blank_line() {
        assert_eq!(append("", "b\n").unwrap(), "b\n");
        assert_eq!(append("a\n", "b\n").unwrap(), "a\n\nb\n");
        assert_eq!(append("a", "b\n").unwrap(), "a\n\nb\n");
    }
}
