//! `nix.conf`, and merging several of them as Nix does.

use std::collections::BTreeMap;

use super::nix_settings::{SETTINGS, canonical};

/// What stands on a line of `nix.conf`, with the byte offset at which it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `name = words`.
    Set {
        /// The setting, with `extra-` if that stands there.
        name: String,
        /// Its words.
        words: Vec<String>,
        /// Where it stands.
        offset: usize,
    },
    /// `include file` or `!include file`.
    Include {
        /// The file, from the folder of the one that includes it.
        file: String,
        /// Whether it may be missing.
        optional: bool,
        /// Where it stands.
        offset: usize,
    },
    /// What Nix refuses.
    Mistake {
        /// Where it stands.
        offset: usize,
    },
}

/// Reads a `nix.conf`.
pub fn parse_nix_conf(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or_default();
        let offset = start + (code.len() - code.trim_start().len());
        start += line.len();
        let mut words = code.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
        let (first, second) = (words.next(), words.next());
        let rest: Vec<String> = words.map(str::to_owned).collect();
        entries.extend(match (first, second) {
            (None, _) => None,
            (Some(word @ ("include" | "!include")), Some(file)) if rest.is_empty() => {
                Some(Entry::Include { file: file.to_owned(), optional: word.starts_with('!'), offset })
            }
            (Some("include" | "!include"), _) => Some(Entry::Mistake { offset }),
            (Some(name), Some("=")) => Some(Entry::Set { name: name.to_owned(), words: rest, offset }),
            _ => Some(Entry::Mistake { offset }),
        });
    }
    entries
}

/// What a line that Nix refuses must have been meant to be: a setting that Nix has, with its value, but without a `=` that
/// stands by itself. `None`: that cannot be told.
pub fn meant(line: &str) -> Option<String> {
    let code = line.split('#').next().unwrap_or_default().trim();
    let end = code.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))?;
    let (name, rest) = code.split_at(end);
    let whole = canonical(name);
    let known = |name: &str| SETTINGS.iter().find(|setting| setting.name == canonical(name));
    let is_list = |name: &str| known(name).is_some_and(|setting| setting.list);
    if known(whole).is_none() && !name.strip_prefix("extra-").is_some_and(is_list) {
        return None;
    }
    let rest = rest.trim_start();
    let value: Vec<&str> = rest.strip_prefix('=').unwrap_or(rest).split_whitespace().collect();
    let odd = value.iter().any(|word| *word == "=" || word.starts_with('=') || word.ends_with(':'));
    let fixed = format!("{name} = {}", value.join(" "));
    let is_setting = matches!(&parse_nix_conf(&fixed)[..], [Entry::Set { .. }]);
    (!value.is_empty() && !odd && !rest.starts_with(':') && is_setting).then_some(fixed)
}

/// Where a word of a setting was said: the number that the reader gave the file, and the offset in it.
pub type Origin = (usize, usize);

/// Settings as they are after all files were read, each word with its origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NixConf(BTreeMap<String, Vec<(String, Option<Origin>)>>);

impl NixConf {
    /// Sets, or appends to, what was set so far. What is said later holds.
    pub fn set(&mut self, name: &str, words: &[String], origin: Origin) {
        let said = words.iter().map(|word| (word.clone(), Some(origin)));
        let whole = canonical(name);
        match name.strip_prefix("extra-").map(canonical) {
            Some(list) if !SETTINGS.iter().any(|setting| setting.name == whole) => {
                // Nix knows no `extra-` of what is no list.
                if SETTINGS.iter().any(|setting| setting.name == list && !setting.list) {
                    return;
                }
                let words = self.0.entry(list.to_owned()).or_insert_with(|| default_words(list));
                words.extend(said);
            }
            _ => _ = self.0.insert(whole.to_owned(), said.collect()),
        }
    }

    /// The words of a setting with their origins; `None`: nothing sets it.
    pub fn get(&self, name: &str) -> Option<&[(String, Option<Origin>)]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// A setting's words, those of its default where nothing sets it; `None`: it has no fixed default.
    pub fn words(&self, name: &str) -> Option<Vec<String>> {
        let set = self.get(name).map(|words| words.iter().map(|(word, _)| word.clone()).collect());
        set.or_else(|| {
            let setting = SETTINGS.iter().find(|setting| setting.name == name)?;
            Some(setting.default?.split_whitespace().map(str::to_owned).collect())
        })
    }

    /// The names of what is set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn default_words(name: &str) -> Vec<(String, Option<Origin>)> {
    let default = SETTINGS.iter().find(|setting| setting.name == name).and_then(|setting| setting.default);
    default.unwrap_or_default().split_whitespace().map(|word| (word.to_owned(), None)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(texts: &[&str]) -> NixConf {
        let mut conf = NixConf::default();
        for (file, text) in texts.iter().enumerate() {
            for entry in parse_nix_conf(text) {
                if let Entry::Set { name, words, offset } = entry {
                    conf.set(&name, &words, (file, offset));
                }
            }
        }
        conf
    }

    #[test]
    fn lines_are_settings_includes_or_mistakes() {
        let text = "# all\n\n cores = 3 # three\nsubstituters =\r\ninclude a.conf\n!include /b\ninclude a b\ncores=3\ncores 3\nfoo\n= 3\n";
        let mistake = |line: &str| Entry::Mistake { offset: text.find(line).unwrap() };
        assert_eq!(
            parse_nix_conf(text),
            [
                Entry::Set { name: "cores".into(), words: vec!["3".into()], offset: 8 },
                Entry::Set { name: "substituters".into(), words: vec![], offset: 26 },
                Entry::Include { file: "a.conf".into(), optional: false, offset: 42 },
                Entry::Include { file: "/b".into(), optional: true, offset: 57 },
                mistake("include a b"),
                mistake("cores=3"),
                mistake("cores 3"),
                mistake("foo"),
                mistake("= 3\n"),
            ]
        );
    }

    #[test]
    fn a_setting_without_its_sign_is_recognized() {
        for (line, expected) in [
            ("cores=4", "cores = 4"),
            ("  cores 4 # all", "cores = 4"),
            ("cores= 4", "cores = 4"),
            ("cores =4", "cores = 4"),
            ("experimental-features nix-command  flakes", "experimental-features = nix-command flakes"),
            ("extra-substituters https://a.example/?x=1", "extra-substituters = https://a.example/?x=1"),
            ("access-tokens=github.com=abc", "access-tokens = github.com=abc"),
            ("build-cores 4", "build-cores = 4"),
        ] {
            assert_eq!(meant(line).as_deref(), Some(expected), "{line}");
        }
        let none = "foo¦cores¦cores =¦extra-cores 4¦cores == 4¦cores: 4¦cores 4 = 5¦flakes nix-command¦include a b¦# cores 4¦CORES 4¦é";
        for line in none.split('¦') {
            assert_eq!(meant(line), None, "{line}");
        }
    }

    #[test]
    fn what_is_said_later_holds_and_extra_appends() {
        let conf = merged(&[
            "substituters = a b\nextra-substituters = c\nextra-trusted-users = @wheel\nextra-platforms = i686-linux\n",
            "binary-caches = z\nextra-binary-caches = y\nextra-cores = 9\nextra-experimental-features = flakes\nbuild-cores = 4\n",
        ]);
        let words = |name: &str| conf.words(name).unwrap().join(" ");
        assert_eq!(words("substituters"), "z y");
        assert_eq!(words("trusted-users"), "root @wheel");
        assert_eq!(words("extra-platforms"), "i686-linux");
        assert_eq!(words("experimental-features"), "flakes");
        assert_eq!(words("cores"), "4");
        assert_eq!(words("max-jobs"), "1");
        assert_eq!(conf.words("sandbox"), None);
        assert_eq!(conf.get("trusted-users").unwrap()[1], ("@wheel".to_owned(), Some((0, 42))));
        assert!(conf.get("max-jobs").is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r"(include|!|extra-|substituters|cores|[=# \t\r\né]|[a-z]{1,3})*") {
            let conf = merged(&[&text]);
            assert!(conf.names().all(|name| conf.get(name).is_some()));
        }
    }
}
