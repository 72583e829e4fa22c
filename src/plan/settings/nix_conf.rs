//! `nix.conf`.

use std::ops::Range;

use super::lines::{with_line, with_part};
use super::{Done, Key, Settings};
use crate::formats::{Entry, NixConf, SETTINGS, canonical, parse_nix_conf};

pub(super) fn set(text: &str, key: &Key<'_>) -> Result<Option<Done>, String> {
    let (name, extra) = target(key.name);
    let append = key.append || extra;
    if append && SETTINGS.iter().any(|setting| setting.name == name && !setting.list) {
        return Err(format!("cannot hold a list in `{name}`"));
    }
    let wanted = words(key)?;
    let entries = parse_nix_conf(text);
    let (missing, value) = match append {
        true => {
            let before = merged(&entries).words(name).unwrap_or_default();
            let missing: Vec<_> = wanted.into_iter().filter(|word| !before.contains(word)).collect();
            (missing.clone(), [before, missing].concat())
        }
        false => (wanted.clone(), wanted),
    };
    let here = entries.iter().rev().find_map(|entry| match entry {
        Entry::Set { name: written, words, offset } => {
            let (other, extra) = target(written);
            (other == name && (append || !extra)).then_some((written, words, *offset))
        }
        Entry::Include { .. } | Entry::Mistake { .. } => None,
    });
    if missing.is_empty() || here.is_none() && !key.add {
        return Ok(None);
    }
    let written = missing.join(" ");
    let text = match here {
        Some((written_name, old, offset)) => {
            let mut part = value_range(text, offset + written_name.len(), old);
            if append {
                part.start = part.end;
            }
            let blank = if append || old.is_empty() { " " } else { "" };
            with_part(text, part, &format!("{blank}{written}"))
        }
        None => {
            let extra = if append { "extra-" } else { "" };
            with_line(text, &format!("{extra}{name} = {written}"))
        }
    };
    Ok(Some(Done { text, path: vec![name.to_owned()], value: value.join(" ") }))
}

/// The words of the value: none is read as two, nor as the beginning of a comment.
fn words(key: &Key<'_>) -> Result<Vec<String>, String> {
    let words = key.value.words();
    let is_word = |word: &String| {
        !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#')
    };
    match !words.is_empty() && words.iter().all(is_word) {
        true => Ok(words),
        false => Err(format!("cannot hold that in `{}`: its words have neither blanks nor `#`", key.name)),
    }
}

/// The setting that a name sets, and whether it appends to it.
fn target(written: &str) -> (&str, bool) {
    let whole = canonical(written);
    match written.strip_prefix("extra-") {
        Some(list) if !SETTINGS.iter().any(|setting| setting.name == whole) => (canonical(list), true),
        _ => (whole, false),
    }
}

/// Where the words stand that follow the first `=` after `from`.
fn value_range(text: &str, from: usize, words: &[String]) -> Range<usize> {
    let mut end = from + text[from..].find('=').map_or(0, |at| at + 1);
    let mut start = end;
    for (number, word) in words.iter().enumerate() {
        let at = end + text[end..].find(word.as_str()).unwrap_or_default();
        end = at + word.len();
        if number == 0 {
            start = at;
        }
    }
    start..end
}

fn merged(entries: &[Entry]) -> NixConf {
    let mut conf = NixConf::default();
    for entry in entries {
        if let Entry::Set { name, words, offset } = entry {
            conf.set(name, words, (0, *offset));
        }
    }
    conf
}

pub(super) fn read(text: &str) -> Settings {
    let entries = parse_nix_conf(text);
    let conf = merged(&entries);
    let words = |name: &str| {
        conf.get(name).unwrap_or_default().iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ")
    };
    let mut settings: Settings = conf.names().map(|name| (vec![name.to_owned()], words(name))).collect();
    for (number, entry) in entries.iter().enumerate() {
        let other = match entry {
            Entry::Set { .. } => continue,
            Entry::Include { file, optional, .. } => format!("{file} {optional}"),
            Entry::Mistake { .. } => String::new(),
        };
        settings.insert(vec![number.to_string(), "no setting".to_owned()], other);
    }
    settings
}
