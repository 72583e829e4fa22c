//! A rule's page, and the index of all pages, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Part, parts};
use crate::rules::Rule;

/// The first line of every page: what begins with it may be replaced and removed.
pub const MADE: &str =
    "<!-- Made by `envdoctor rules pages` from the rule's YAML file: change that instead. -->";

/// The page about a rule.
pub fn markdown(rule: &Rule) -> String {
    let mut out = format!(
        "{MADE}\n\n# {}\n\n`{}` · {} · {} · since {}\n",
        prose(&rule.title),
        rule.id,
        rule.severity,
        rule.family,
        rule.since
    );
    if !rule.tags.is_empty() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "\nTags: {}", rule.tag_names());
    }
    for part in parts(rule) {
        out.push('\n');
        // Writing to a String cannot fail.
        let _ = match part {
            Part::Heading(heading) => writeln!(out, "## {heading}"),
            Part::Text(text) => writeln!(out, "{}", paragraph(&text)),
            Part::Output(text) => writeln!(out, "{}", fenced(text, "text")),
            Part::Remedy { title, risk: Some(risk) } => {
                writeln!(out, "### {}\n\n`envdoctor fix` can do it. Its risk: {risk}.", prose(title))
            }
            Part::Remedy { title, risk: None } => writeln!(out, "### {}", prose(title)),
            Part::Command(line) => writeln!(out, "{}", fenced(&line, "sh")),
            Part::Caution(text) => writeln!(out, "**First:** {}", prose(&joined(text))),
            Part::Rules(ids) => {
                ids.iter().try_for_each(|id| writeln!(out, "- [{id}]({id}.md)", id = id.as_str()))
            }
            Part::Links(links) => links.iter().try_for_each(|link| writeln!(out, "- <{link}>")),
        };
    }
    out
}

/// The list of all pages, by family.
pub fn index(rules: &[Rule]) -> String {
    let mut families: BTreeMap<&str, BTreeMap<&str, &Rule>> = BTreeMap::new();
    for rule in rules {
        families.entry(&rule.family).or_default().insert(&rule.id, rule);
    }
    let mut out = format!("{MADE}\n\n# The rules\n\n{} rules, each one failure mode.\n", rules.len());
    for (family, rules) in families {
        let _ = write!(out, "\n## {family}\n\n| rule | severity | the problem |\n|---|---|---|\n");
        for (id, rule) in rules {
            let title = prose(&rule.title).replace('|', "\\|");
            let _ = writeln!(out, "| [{id}]({id}.md) | {} | {title} |", rule.severity);
        }
    }
    out
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A paragraph, an item of a list (`- `), or an indented line, which is code.
fn paragraph(text: &str) -> String {
    match (text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")), text.strip_prefix(' ')) {
        (Some(item), _) => format!("- {}", prose(item)),
        (None, Some(code)) => fenced(code.trim(), "sh"),
        (None, None) => prose(text),
    }
}

/// A block of code, whose fence is longer than any in it.
fn fenced(text: &str, language: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", text.trim_end())
}

/// Prose in which only back ticks mean something: the rest is shown as it stands, placeholders by name.
fn prose(text: &str) -> String {
    let spans: Vec<&str> = text.split('`').collect();
    let closed = spans.len() % 2 == 1;
    let mut out = String::new();
    for (at, span) in spans.into_iter().enumerate() {
        match at % 2 {
            1 if closed => {
                let _ = write!(out, "`{span}`");
            }
            _ => {
                if at > 0 && !closed {
                    out.push_str("\\`");
                }
                out.push_str(&escaped(span));
            }
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let mut parts = text.split("${");
    let mut out = plain(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) => {
                let _ = write!(out, "*{name}*{}", plain(rest));
            }
            None => out.push_str(&plain(&format!("${{{part}"))),
        }
    }
    out
}

/// Text without anything that Markdown would read as its own.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let within_word = before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        if matches!(c, '\\' | '*' | '<' | '[' | ']' | '~' | '$' | '&') || (c == '_' && !within_word) {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_spans_and_placeholders_mean_something() {
        assert_eq!(prose("MLX_MAX_GPUS, _build, ~/.mix"), r"MLX_MAX_GPUS, \_build, \~/.mix");
        assert_eq!(prose("`a_b <c>` is <d>"), r"`a_b <c>` is \<d>");
        assert_eq!(prose("'${one}' by `${two}`, $"), r"'*one*' by `${two}`, \$");
        assert_eq!(prose("expected `end'"), r"expected \`end'");
    }

    #[test]
    fn a_fence_is_longer_than_those_in_the_text() {
        assert_eq!(fenced("a\n```\nb\n", "text"), "````text\na\n```\nb\n````");
        assert_eq!(paragraph("  nix build"), "```sh\nnix build\n```");
        assert_eq!(paragraph("- one [two]"), r"- one \[two\]");
    }
}
