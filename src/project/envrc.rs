//! What an `.envrc` asks direnv for, and what a `.env` sets.

use super::flake::{Export, exports, plain};
use super::located::{Located, is_large};

/// An `.envrc`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envrc {
    /// What it uses: `flake`, `nix`, `asdf` …, with what follows it: `flake .#ci`.
    pub uses: Vec<Located<String>>,
    /// What it lays out: `python`, `node` …
    pub layouts: Vec<Located<String>>,
    /// The files and addresses that it takes in: `source_url`, `source_env`, `dotenv` …, with the command.
    pub sources: Vec<Located<String>>,
    /// The variables that it sets.
    pub exports: Vec<Export>,
}

/// Commands of direnv's library that take in something else.
const SOURCES: &[&str] = &[
    "source_url",
    "source_env",
    "source_env_if_exists",
    "source_up",
    "source_up_if_exists",
    "dotenv",
    "dotenv_if_exists",
];

/// Reads an `.envrc`, without running it. `None`: it is too large.
pub fn parse_envrc(text: &str) -> Option<Envrc> {
    let mut envrc = Envrc::default();
    for (offset, line) in lines(text)? {
        let code = line.split(" #").next().unwrap_or_default().trim();
        let (command, rest) = code.split_once(char::is_whitespace).unwrap_or((code, ""));
        let at = |what: &str| Located {
            value: what.trim().to_owned(),
            offset: offset + line.len() - line.trim_start().len(),
        };
        match command {
            "use" if !rest.is_empty() => envrc.uses.push(at(rest)),
            // The same in another spelling.
            "use_flake" => envrc.uses.push(at(&format!("flake {rest}"))),
            "use_nix" => envrc.uses.push(at(&format!("nix {rest}"))),
            "layout" if !rest.is_empty() => envrc.layouts.push(at(rest)),
            _ if SOURCES.contains(&command) => envrc.sources.push(at(code)),
            _ => {}
        }
    }
    envrc.exports = exports(text, 0);
    Some(envrc)
}

/// Reads a `.env`: `NAME=value` in each line, also after `export`. `None`: it is too large.
pub fn parse_dotenv(text: &str) -> Option<Vec<Export>> {
    let mut found = Vec::new();
    // A key or a certificate may go on over many lines, none of which is a setting.
    let mut ends = 0;
    for (offset, line) in lines(text)? {
        if offset < ends {
            continue;
        }
        let code = line.trim_start();
        let code = code.strip_prefix("export ").map_or(code, str::trim_start);
        let Some((name, value)) = code.split_once('=') else { continue };
        let name = name.trim_end();
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if named {
            let begins = offset + line.len() - value.trim_start().len();
            let offset = offset + line.len() - code.len();
            ends = quoted_end(text, begins).unwrap_or(ends);
            found.push(Export { name: name.to_owned(), value: plain(value), offset });
        }
    }
    Some(found)
}

/// Where a value in quotes ends, if it begins there with one.
fn quoted_end(text: &str, begins: usize) -> Option<usize> {
    let rest = text.get(begins..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = &rest[1..];
    Some(begins + 1 + inside.find(quote)?)
}

fn lines(text: &str) -> Option<impl Iterator<Item = (usize, &str)>> {
    let mut start = 0;
    (!is_large(text)).then(|| {
        text.split_inclusive('\n').map(move |line| {
            let offset = start;
            start += line.len();
            (offset, line)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(items: &[Located<String>]) -> Vec<&str> {
        items.iter().map(|item| item.value.as_str()).collect()
    }

    #[test]
    fn an_envrc_is_read() {
        let text = "# use nix\nif ! has nix_direnv_version; then\n  source_url \"https://example.com/direnvrc\" \"sha256-x\"\nfi\n\
                    use flake .#ci --impure # ours\ndotenv_if_exists .env\nlayout python3\nexport PGPORT=5433\nexport PATH=\"$PWD/bin:$PATH\"\nuse_nix\n";
        let envrc = parse_envrc(text).unwrap();
        assert_eq!(texts(&envrc.uses), ["flake .#ci --impure", "nix"]);
        assert_eq!(&text[envrc.uses[0].offset..][..9], "use flake");
        assert_eq!(texts(&envrc.layouts), ["python3"]);
        assert_eq!(
            texts(&envrc.sources),
            ["source_url \"https://example.com/direnvrc\" \"sha256-x\"", "dotenv_if_exists .env"]
        );
        let exports: Vec<_> =
            envrc.exports.iter().map(|it| (it.name.as_str(), it.value.as_deref())).collect();
        assert_eq!(exports, [("PGPORT", Some("5433")), ("PATH", None)]);
        assert_eq!(&text[envrc.exports[0].offset..][..6], "PGPORT");
    }

    #[test]
    fn a_dotenv_is_read() {
        let text = "# comment\nA=1\nexport B = 'x y' # why\nC=\"$A\"\nnot a line\n1X=2\nD=\n";
        let found = parse_dotenv(text).unwrap();
        let found: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.value.as_deref())).collect();
        assert_eq!(found, [("A", Some("1")), ("B", Some("x y")), ("C", None), ("D", Some(""))]);
    }

    #[test]
    fn a_large_file_is_refused() {
        assert!(parse_envrc(&"a\n".repeat(1 << 20)).is_none());
        assert!(parse_dotenv(&"A=1\n".repeat(1 << 20)).is_none());
    }

    #[test]
    fn values_over_many_lines_are_no_names() {
        let text = "KEY=\"-----BEGIN\nMIIabc==\n-----END\"\nB='x'\nC='it\nD=2\n";
        let names: Vec<_> = parse_dotenv(text).unwrap().into_iter().map(|export| export.name).collect();
        assert_eq!(names, ["KEY", "B", "C", "D"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(use |export |A|=|\"|'|#|\\$|\\n| |é|\\PC){0,60}") {
            let envrc = parse_envrc(&text).unwrap();
            proptest::prop_assert!(envrc.exports.iter().all(|it| text[it.offset..].starts_with(&it.name)));
            for export in parse_dotenv(&text).unwrap() {
                proptest::prop_assert!(text[export.offset..].starts_with(&export.name));
            }
        }
    }
}
