//! `package.json`: the Node and npm that it asks for, and what its lock file says of npm.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::FormatError;
use super::located::{Located, offset_in, refuse_large};

/// What a `package.json` asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageJson {
    /// Its `engines`: a name such as `node` and a range.
    pub engines: Vec<Located<(String, String)>>,
    /// Its `packageManager`: a name such as `npm` and a version.
    pub package_manager: Option<Located<(String, String)>>,
    /// What Volta has pinned: a name such as `node` and a version.
    pub volta: Vec<Located<(String, String)>>,
}

type Object<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

/// Reads a `package.json`.
///
/// # Errors
/// The file is not a JSON object, or too much of it.
pub fn parse_package_json(text: &str) -> Result<PackageJson, FormatError> {
    refuse_large(text)?;
    let top = object(text)?;
    let pairs = |key: &str| {
        let table = top.get(key).and_then(|raw| serde_json::from_str::<Object<'_>>(raw.get()).ok());
        let pairs = table.into_iter().flatten().filter_map(|(name, raw)| {
            let version = string(text, raw)?;
            Some(Located { value: (name.into_owned(), version.value), offset: version.offset })
        });
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_by_key(|pair| pair.offset);
        pairs
    };
    let manager = top.get("packageManager").and_then(|raw| {
        let written = string(text, raw)?;
        let (name, version) = written.value.split_once('@')?;
        let version = version.split('+').next()?;
        Some(written.with((name.to_owned(), version.to_owned())))
    });
    Ok(PackageJson { engines: pairs("engines"), package_manager: manager, volta: pairs("volta") })
}

/// The `lockfileVersion` of a `package-lock.json`, which says which versions of npm can read it.
///
/// # Errors
/// The file is not a JSON object.
pub fn parse_lockfile_version(text: &str) -> Result<Option<Located<u64>>, FormatError> {
    let top = object(text)?;
    let version = top.get("lockfileVersion");
    Ok(version.and_then(|raw| Some(Located { value: value(raw)?, offset: offset_in(text, raw.get()) })))
}

/// The `version` of an installed package, as its `package.json` has it.
pub fn package_version(text: &str) -> Option<String> {
    let top = object(text).ok()?;
    value(top.get("version")?)
}

fn object(text: &str) -> Result<Object<'_>, FormatError> {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Top<'a>(#[serde(borrow)] Object<'a>);

    // npm takes no offence at a byte order mark either.
    let json = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str::<Top<'_>>(json) {
        Ok(top) => Ok(top.0),
        Err(error) => {
            let why = error.to_string();
            let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why);
            Err(FormatError::Invalid { line: error.line().max(1), why: format!("not valid JSON: {why}") })
        }
    }
}

fn value<T: DeserializeOwned>(raw: &RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

/// A string's content, at the quote before it.
fn string(text: &str, raw: &RawValue) -> Option<Located<String>> {
    Some(Located { value: value(raw)?, offset: offset_in(text, raw.get()) })
}

#[cfg(test)]
mod tests {
    use super::super::located::line_and_column;
    use super::*;

    const PACKAGE: &str = r#"{
  "name": "assets",
  "packageManager": "npm@10.9.2+sha512.abc",
  "engines": {"node": ">=20 <23", "npm": "\u003e=10"},
  "volta": {
    "node": "22.11.0",
    "extends": ["../package.json"]
  }
}"#;

    #[test]
    fn what_a_package_asks_for() {
        let package = parse_package_json(PACKAGE).unwrap();
        let pairs = |pairs: &[Located<(String, String)>]| -> Vec<_> {
            let flat = |it: &Located<(String, String)>| {
                let (line, column) = line_and_column(PACKAGE, it.offset);
                format!("{} {} {line}:{column}", it.value.0, it.value.1)
            };
            pairs.iter().map(flat).collect()
        };
        assert_eq!(pairs(&package.engines), ["node >=20 <23 4:23", "npm >=10 4:42"]);
        assert_eq!(pairs(&package.volta), ["node 22.11.0 6:13"]);
        assert_eq!(pairs(package.package_manager.as_slice()), ["npm 10.9.2 3:21"]);
        assert_eq!(parse_package_json("\u{feff}{\"engines\": [\"node\"]}").unwrap(), PackageJson::default());
    }

    #[test]
    fn what_is_not_json_is_told_with_its_line() {
        let error = parse_package_json("{\n  \"engines\": {,}\n}").unwrap_err();
        assert!(matches!(&error, FormatError::Invalid { line: 2, .. }), "{error}");
        assert!(parse_package_json("").is_err() && parse_package_json("[1]").is_err());
        assert!(parse_package_json(&format!("{{\"a\": {}", "[".repeat(200_000))).is_err());
    }

    #[test]
    fn versions_of_a_lock_and_of_an_installed_package() {
        let lock = "{\n  \"name\": \"x\",\n  \"lockfileVersion\": 3,\n  \"packages\": {}\n}";
        assert_eq!(parse_lockfile_version(lock).unwrap(), Some(Located { value: 3, offset: 38 }));
        assert_eq!(parse_lockfile_version("{}").unwrap(), None);
        assert_eq!(package_version("{\"version\": \"10.9.2\"}").as_deref(), Some("10.9.2"));
        assert_eq!(package_version("{\"version\": 1}"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"([{}\[\],: \n\\é]|"(engines|node|volta|packageManager|lockfileVersion|[>=0-9@]{1,4})"|[0-9])*"#) {
            let _ = (parse_package_json(&text), parse_lockfile_version(&text));
        }

        #[test]
        fn nor_is_a_broken_one(cut in 0..PACKAGE.len(), filler in r#"[{}\[\],:"\\é]{0,3}"#) {
            let at = (0..=cut).rev().find(|at| PACKAGE.is_char_boundary(*at)).unwrap_or(0);
            let _ = parse_package_json(&format!("{}{filler}{}", &PACKAGE[..at], &PACKAGE[at..]));
        }
    }
}
