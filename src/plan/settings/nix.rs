//! The variables that a Nix file's shells set: `NAME = "value";` in `mkShell`, `export NAME=value` in a `shellHook`.
//! Only plain values are read and written, so that none is more than a value wherever it stands.

use regex::Regex;
use rnix::NodeOrToken;

use super::lines::with_part;
use super::{Done, Key, Settings};
use crate::project::{Export, parse_nix};

pub(super) fn set(text: &str, key: &Key<'_>) -> Result<Option<Done>, String> {
    let [wanted] = &key.value.words()[..] else { return Err("cannot hold a list in a variable".to_owned()) };
    let is_number = !wanted.is_empty() && wanted.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+,=-".contains(c);
    if wanted.is_empty() || !wanted.chars().all(is_plain) {
        return Err(format!("cannot hold `{wanted}` in `{}`", key.name));
    }
    let exports = exports(text)?;
    let here: Vec<&Export> = exports.iter().filter(|export| export.name == key.name).collect();
    let export = match here[..] {
        [] if key.add => return Err(format!("does not set `{}`", key.name)),
        [] => return Ok(None),
        [export] => export,
        _ => return Err(format!("sets `{}` more than once", key.name)),
    };
    let computed = || format!("has `{}` in more than a simple assignment", key.name);
    let rest = text.get(export.offset..).ok_or_else(computed)?;
    let line = rest.lines().next().unwrap_or_default();
    let pattern = format!(
        r#"^(?:[\w.]+\.)?{}[ \t]*=[ \t]*(?:"(?<quoted>[A-Za-z0-9_./:@%+,=-]*)"|(?<bare>[A-Za-z0-9_./:@%+,=-]+))(?<end>[ \t]*;|[ \t]*$|[ \t]+#|[ \t]*''[ \t]*;)"#,
        regex::escape(key.name)
    );
    let groups = Regex::new(&pattern).ok().and_then(|pattern| pattern.captures(line)).ok_or_else(computed)?;
    let old = match (groups.name("quoted"), groups.name("bare"), groups.name("end")) {
        (Some(old), ..) => old,
        // What is no text in Nix may be a number alone.
        (None, Some(old), Some(end)) if is_number || !end.as_str().ends_with(';') => old,
        _ => return Err(computed()),
    };
    let text = with_part(text, export.offset + old.start()..export.offset + old.end(), wanted);
    Ok(Some(Done { text, path: vec![key.name.to_owned()], value: wanted.clone() }))
}

fn exports(text: &str) -> Result<Vec<Export>, String> {
    Ok(parse_nix(text).map_err(|_| "does not parse".to_owned())?.exports)
}

/// The variables, and of all else what Nix reads: the kinds of its tokens.
pub(super) fn read(text: &str) -> Result<Settings, String> {
    let mut settings = Settings::new();
    for (number, export) in exports(text)?.into_iter().enumerate() {
        let mut path = vec![export.name];
        if settings.contains_key(&path) {
            path.push(number.to_string());
        }
        settings.insert(path, export.value.unwrap_or_default());
    }
    let tree = rnix::Root::parse(text).syntax();
    let tokens = tree.descendants_with_tokens().filter_map(NodeOrToken::into_token);
    let kinds: Vec<String> = tokens.map(|token| format!("{:?}", token.kind())).collect();
    settings.insert(vec![String::new()], kinds.join(" "));
    Ok(settings)
}
