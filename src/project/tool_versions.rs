//! `.tool-versions`, as asdf and mise read it.

use super::FormatError;
use super::located::{Located, offset_in, refuse_large};

/// A tool and a version of it, both as a version manager's file names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolVersion {
    /// What the manager calls the tool, such as `nodejs`.
    pub tool: String,
    /// The version: `1.17.3-otp-27`, `latest`, `ref:main`, `path:~/src/elixir`, `system` …
    pub version: String,
}

/// Reads a `.tool-versions`. Where a line has several versions, the earlier is preferred.
///
/// # Errors
/// The file is too large.
pub fn parse_tool_versions(text: &str) -> Result<Vec<Located<ToolVersion>>, FormatError> {
    refuse_large(text)?;
    let mut found = Vec::new();
    for line in text.lines() {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let Some(tool) = words.next() else { continue };
        found.extend(words.map(|version| Located {
            value: ToolVersion { tool: tool.to_owned(), version: version.to_owned() },
            offset: offset_in(text, version),
        }));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::located::line_and_column;
    use super::*;

    fn pins(text: &str) -> Vec<(String, String, usize, usize)> {
        let pin = |it: Located<ToolVersion>| {
            let (line, column) = line_and_column(text, it.offset);
            (it.value.tool, it.value.version, line, column)
        };
        parse_tool_versions(text).unwrap().into_iter().map(pin).collect()
    }

    fn pin(tool: &str, version: &str, line: usize, column: usize) -> (String, String, usize, usize) {
        (tool.to_owned(), version.to_owned(), line, column)
    }

    #[test]
    fn every_form_of_a_line() {
        let text = "# tools\nerlang 27.0.1 # the newest\n\nelixir\t1.17.3-otp-27\r\npython 3.12.4 2.7.18 system\n\
                    nodejs ref:v20.11.0\nempty\nrust #1.80\n";
        assert_eq!(
            pins(text),
            [
                pin("erlang", "27.0.1", 2, 8),
                pin("elixir", "1.17.3-otp-27", 4, 8),
                pin("python", "3.12.4", 5, 8),
                pin("python", "2.7.18", 5, 15),
                pin("python", "system", 5, 22),
                pin("nodejs", "ref:v20.11.0", 6, 8),
            ]
        );
        assert!(pins("").is_empty());
        assert_eq!(parse_tool_versions(&"x".repeat(2_000_000)), Err(FormatError::TooMuch));
    }

    proptest::proptest! {
        #[test]
        fn places_are_where_the_versions_stand(text in r"(elixir|[ \t\r\n#:é]|[0-9.]{1,4})*") {
            for pin in parse_tool_versions(&text).unwrap() {
                assert!(text[pin.offset..].starts_with(&pin.value.version), "{pin:?} in {text:?}");
            }
        }
    }
}
