//! `.envrc`, which is shell code, and `.env`, which is nearly that. Only simple assignments are understood: whatever a
//! shell would have to work out is left alone.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::lines::{lines, with_line, with_part};
use super::{Done, Key, Settings};

/// One of the two formats.
pub(super) struct Dialect {
    /// What stands before an assignment that is added.
    prefix: &'static str,
    /// Whether it is shell code.
    is_shell: bool,
}

pub(super) const ENVRC: Dialect = Dialect { prefix: "export ", is_shell: true };
pub(super) const ENV: Dialect = Dialect { prefix: "", is_shell: false };

/// A simple assignment that is all of its line.
static ASSIGNMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"^[ \t]*(?:export[ \t]+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<value>'[^']*'|"[^"$`\\]*"|[A-Za-z0-9_./:@%+,=-]*)(?:[ \t]+#.*|[ \t]*)$"#,
    )
    .ok()
});

/// An assignment, with the part of the text in which its value stands.
struct Assignment<'t> {
    name: &'t str,
    written: &'t str,
    range: Range<usize>,
}

impl Assignment<'_> {
    fn value(&self) -> &str {
        self.written.trim_matches(['"', '\''])
    }
}

fn assignment(line: &str, start: usize) -> Option<Assignment<'_>> {
    let groups = ASSIGNMENT.as_ref()?.captures(line)?;
    let (name, value) = (groups.name("name")?.as_str(), groups.name("value")?);
    Some(Assignment { name, written: value.as_str(), range: start + value.start()..start + value.end() })
}

pub(super) fn set(text: &str, key: &Key<'_>, dialect: &Dialect) -> Result<Option<Done>, String> {
    let is_name = assignment(&format!("{}=", key.name), 0).is_some_and(|it| it.name == key.name);
    if !is_name {
        return Err(format!("cannot hold `{}`: that is no variable's name", key.name));
    }
    let [wanted] = &key.value.words()[..] else {
        return Err(format!("cannot hold a list in `{}`", key.name));
    };
    if key.append {
        return Err(format!("cannot hold a list in `{}`", key.name));
    }
    let (statements, is_open) = dialect.statements(text)?;
    let mut here = Vec::new();
    for (start, line) in lines(text) {
        let simple = statements.contains(&start).then(|| assignment(line, start)).flatten();
        match simple {
            Some(it) if it.name == key.name => here.push(it),
            None if mentions(line, key.name) => {
                return Err(format!("has `{}` in more than a simple assignment", key.name));
            }
            _ => {}
        }
    }
    let text = match &here[..] {
        [] if !key.add => return Ok(None),
        [] if is_open => return Err("ends within something that is not closed".to_owned()),
        [] => with_line(text, &format!("{}{}={}", dialect.prefix, key.name, quoted(wanted, None)?)),
        [one] => with_part(text, one.range.clone(), &quoted(wanted, one.written.chars().next())?),
        _ => return Err(format!("sets `{}` more than once", key.name)),
    };
    Ok(Some(Done { text, path: vec![key.name.to_owned()], value: wanted.clone() }))
}

/// Whether code may set a variable: its name stands there as a whole word. A comment sets nothing.
fn mentions(line: &str, name: &str) -> bool {
    let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !line.trim_start().starts_with('#')
        && line.match_indices(name).any(|(at, _)| {
            let (before, after) = (&line[..at], &line[at + name.len()..]);
            let sets = after.starts_with(['=', '[']) || after.starts_with("+=");
            let other = before.split_whitespace().any(|word| {
                matches!(word, "unset" | "export" | "declare" | "typeset" | "read" | "local" | "readonly")
            });
            !before.ends_with(of_name) && !after.starts_with(of_name) && (sets || other)
        })
}

/// A value as it is written, in the quotes that stand there if that can be.
fn quoted(value: &str, quote: Option<char>) -> Result<String, String> {
    let bare = value.chars().all(|c| c.is_ascii_alphanumeric() || "_./:@%+,=-".contains(c));
    let in_double = !value.contains(['"', '$', '`', '\\', '!']);
    match quote {
        _ if value.chars().any(char::is_control) => Err("cannot hold a value of several lines".to_owned()),
        Some('"') if in_double => Ok(format!("\"{value}\"")),
        quote if bare && quote != Some('\'') => Ok(value.to_owned()),
        _ if !value.contains('\'') => Ok(format!("'{value}'")),
        _ if in_double => Ok(format!("\"{value}\"")),
        _ => Err("cannot hold a value with these quotes in it".to_owned()),
    }
}

pub(super) fn read(text: &str, dialect: &Dialect) -> Result<Settings, String> {
    let (statements, _) = dialect.statements(text)?;
    let mut settings = Settings::new();
    let mut number = 0;
    for (start, line) in lines(text) {
        let simple = statements.contains(&start).then(|| assignment(line, start)).flatten();
        match simple {
            Some(it) if !settings.contains_key(&[it.name.to_owned()][..]) => {
                settings.insert(vec![it.name.to_owned()], it.value().to_owned());
            }
            _ if line.trim().is_empty() || line.trim_start().starts_with('#') => {}
            _ => {
                number += 1;
                settings.insert(vec![String::new(), number.to_string()], line.to_owned());
            }
        }
    }
    Ok(settings)
}

impl Dialect {
    /// Whether the line around this byte is a statement of its own: what follows it begins anew.
    pub(super) fn is_statement(&self, text: &str, at: usize) -> bool {
        let Ok((statements, is_open)) = self.statements(text) else { return false };
        let mut lines = lines(text).skip_while(|(start, line)| start + line.len() < at);
        let here = lines.next().is_some_and(|(start, _)| statements.contains(&start));
        here && lines.next().map_or(!is_open, |(start, _)| statements.contains(&start))
    }

    /// Where the lines begin that stand in nothing which an earlier line has opened, and whether something is open at
    /// the end.
    fn statements(&self, text: &str) -> Result<(BTreeSet<usize>, bool), String> {
        let mut found = BTreeSet::new();
        let mut open = None;
        for (start, line) in lines(text) {
            if open.is_none() {
                found.insert(start);
            }
            open = match self.is_shell {
                true => after_shell(line, open)?,
                false => after_env(line, open),
            };
        }
        Ok((found, open.is_some()))
    }
}

/// The quote that is open after a line of shell code, or the `\` that makes the next line a part of it.
fn after_shell(line: &str, open: Option<char>) -> Result<Option<char>, String> {
    let mut open = open.filter(|open| *open != '\\');
    let mut chars = line.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        match (open, c) {
            (None | Some('"'), '\\') if chars.next().is_none() => return Ok(open.or(Some('\\'))),
            (None, '#') if before.is_whitespace() || ";&|(".contains(before) => return Ok(None),
            (None, '<') if chars.peek() == Some(&'<') => {
                return Err("has a document within its code".to_owned());
            }
            (None, '$') if chars.peek() == Some(&'\'') => {
                return Err("has quotes of the form $'…'".to_owned());
            }
            (None, '"' | '\'') => open = Some(c),
            (Some(quote), c) if c == quote => open = None,
            _ => {}
        }
        before = c;
    }
    Ok(open)
}

/// The quote that is open after a line of a `.env`, in which a quote opens only at the beginning of a value.
fn after_env(line: &str, open: Option<char>) -> Option<char> {
    let opened = match open {
        Some(quote) => return (!line.contains(quote)).then_some(quote),
        None if line.trim_start().starts_with('#') => return None,
        None => line.split_once('=')?.1.trim_start(),
    };
    let quote = opened.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    (!opened[1..].contains(quote)).then_some(quote)
}
