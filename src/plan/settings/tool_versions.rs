//! `.tool-versions`.

use std::ops::Range;

use super::lines::{lines, with_line, with_part};
use super::{Done, Key, Settings};

pub(super) fn set(text: &str, key: &Key<'_>) -> Result<Option<Done>, String> {
    let words = key.value.words();
    let is_word = |word: &str| {
        !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#')
    };
    if words.is_empty() || !words.iter().all(|word| is_word(word)) || !is_word(key.name) {
        return Err(format!("cannot hold that for `{}`: its words have neither blanks nor `#`", key.name));
    }
    let here: Vec<Pin<'_>> = pins(text).filter(|pin| pin.tool == key.name).collect();
    let (before, old) = match &here[..] {
        [] => (None, Vec::new()),
        [pin] => (Some(pin), pin.versions.clone()),
        // Which of them counts is another thing for asdf than for mise.
        _ => return Err(format!("names `{}` more than once", key.name)),
    };
    let mut wanted = words;
    if key.append {
        wanted.retain(|word| !old.contains(&word.as_str()));
        wanted = [old.iter().map(|word| (*word).to_owned()).collect(), wanted].concat();
    }
    let value = wanted.join(" ");
    let text = match before {
        None if !key.add => return Ok(None),
        None => with_line(text, &format!("{} {value}", key.name)),
        Some(pin) => {
            let blank = if pin.versions.is_empty() { " " } else { "" };
            with_part(text, pin.range.clone(), &format!("{blank}{value}"))
        }
    };
    Ok(Some(Done { text, path: vec![key.name.to_owned()], value }))
}

pub(super) fn read(text: &str) -> Settings {
    let mut settings = Settings::new();
    for (number, pin) in pins(text).enumerate() {
        let mut path = vec![pin.tool.to_owned()];
        if settings.contains_key(&path) {
            path.push(number.to_string());
        }
        settings.insert(path, pin.versions.join(" "));
    }
    settings
}

/// A line that names a tool.
struct Pin<'t> {
    tool: &'t str,
    versions: Vec<&'t str>,
    /// Where the versions stand.
    range: Range<usize>,
}

fn pins(text: &str) -> impl Iterator<Item = Pin<'_>> {
    lines(text).filter_map(|(start, line)| {
        let code = line.split('#').next().unwrap_or_default();
        let mut words = code.split_whitespace();
        let tool = words.next()?;
        let end = start + code.trim_end().len();
        let behind = start + (code.len() - code.trim_start().len()) + tool.len();
        let versions: Vec<&str> = words.collect();
        let blanks = code[behind - start..].len() - code[behind - start..].trim_start().len();
        let begin = if versions.is_empty() { end } else { behind + blanks };
        Some(Pin { tool, versions, range: begin..end })
    })
}
