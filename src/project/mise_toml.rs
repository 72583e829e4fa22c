//! `mise.toml`: the tools that it asks for.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::located::{Located, line_of, refuse_large};
use super::{FormatError, ToolVersion};

/// Reads the `[tools]` of a `mise.toml`. Where a tool has several versions, the earlier is preferred.
///
/// # Errors
/// The file is not TOML, or too much of it.
pub fn parse_mise_toml(text: &str) -> Result<Vec<Located<ToolVersion>>, FormatError> {
    refuse_large(text)?;
    let document = DeTable::parse(text).map_err(|error| FormatError::Invalid {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        why: format!("not valid TOML: {}", error.message()),
    })?;
    let tools = document.get_ref().get("tools").and_then(|tools| tools.get_ref().as_table());
    let mut found = Vec::new();
    for (tool, value) in tools.into_iter().flatten() {
        let several = value.get_ref().as_array();
        let one = if several.is_none() { Some(value) } else { None };
        for value in several.into_iter().flat_map(|values| values.iter()).chain(one) {
            if let Some((offset, version)) = version(value) {
                found.push(Located {
                    value: ToolVersion { tool: tool.get_ref().to_string(), version },
                    offset,
                });
            }
        }
    }
    found.sort_by_key(|pin| pin.offset);
    Ok(found)
}

/// `"1.17"`, or the version of `{version = "1.17", …}`, which can also be named by another of mise's prefixes.
fn version(value: &Spanned<DeValue<'_>>) -> Option<(usize, String)> {
    let written = |value: &Spanned<DeValue<'_>>, prefix: &str| {
        Some((value.span().start, format!("{prefix}{}", value.get_ref().as_str()?)))
    };
    match value.get_ref().as_table() {
        None => written(value, ""),
        Some(table) => [("version", ""), ("prefix", "prefix:"), ("ref", "ref:"), ("path", "path:")]
            .into_iter()
            .find_map(|(key, prefix)| written(table.get(key)?, prefix)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::located::line_and_column;
    use super::*;

    #[test]
    fn every_form_of_a_tool() {
        let text = "[env]\nX = 1\n[tools]\nelixir = \"1.17.3-otp-27\"\nnode = ['22', \"20\"]\n\
                    python = {version = \"3.12\", virtualenv = \".venv\"}\nerlang = {ref = \"master\"}\nnumber = 3\n\
                    [tools.postgres]\nversion = \"16\"\n";
        let pins: Vec<_> = parse_mise_toml(text)
            .unwrap()
            .into_iter()
            .map(|pin| (pin.value.tool, pin.value.version, line_and_column(text, pin.offset)))
            .collect();
        let expected = [
            ("elixir", "1.17.3-otp-27", 4, 10),
            ("node", "22", 5, 9),
            ("node", "20", 5, 15),
            ("python", "3.12", 6, 21),
            ("erlang", "ref:master", 7, 17),
            ("postgres", "16", 10, 11),
        ];
        assert_eq!(
            pins,
            expected.map(|(tool, version, line, column)| (tool.into(), version.into(), (line, column)))
        );
        assert!(parse_mise_toml("").unwrap().is_empty());
    }

    #[test]
    fn what_is_not_toml_is_told_with_its_line() {
        let Err(FormatError::Invalid { line, .. }) = parse_mise_toml("[tools]\nelixir = 1.17.3\n") else {
            panic!("it was read")
        };
        assert_eq!(line, 2);
        assert!(parse_mise_toml(&format!("a = {}", "[".repeat(100_000))).is_err());
        assert!(parse_mise_toml(&format!("{}=1", "a.".repeat(100_000))).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"(\[tools\]|[ \n#:é={},"'\[\].]|elixir|version|[0-9.]{1,4})*"#) {
            let _ = parse_mise_toml(&text);
        }
    }
}
