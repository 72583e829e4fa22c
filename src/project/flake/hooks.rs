//! The shell code in a Nix file, and the variables that it sets.

use rnix::ast;
use rowan::ast::AstNode;

use crate::project::nix::attr_names;

/// A text that a shell runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The attribute, such as `shellHook`.
    pub name: String,
    /// The text as the file has it.
    pub text: String,
    /// Where it begins.
    pub offset: usize,
}

/// A variable that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// Its value, without quotes; `None` where only running would tell.
    pub value: Option<String>,
    /// Where it is set.
    pub offset: usize,
}

/// Attributes that hold shell code: of nixpkgs' `mkShell`, and of devenv.
const NAMES: &[&str] = &["shellHook", "enterShell"];

/// The shell code of an attribute, if it is one that has some.
pub(super) fn hook(entry: &ast::AttrpathValue, text: &str) -> Option<Hook> {
    let name = attr_names(&entry.attrpath()?).0.pop().filter(|name| NAMES.contains(&name.as_str()))?;
    let value = entry.value()?;
    let string = value.syntax().descendants().find_map(ast::Str::cast)?;
    let range = string.syntax().text_range();
    let text = text.get(range.start().into()..range.end().into())?;
    Some(Hook { name, text: text.to_owned(), offset: range.start().into() })
}

/// The variables that lines of shell code export: `export NAME=value`. `begin`: where the code begins in its file.
pub fn exports(text: &str, begin: usize) -> Vec<Export> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start().strip_prefix("export ").map(str::trim_start);
        if let Some(rest) = rest
            && let Some((name, value)) = rest.split_once('=').filter(|(name, _)| is_variable(name))
        {
            let offset = begin + start + line.len() - rest.len();
            found.push(Export { name: name.to_owned(), value: plain(value), offset });
        }
        start += line.len();
    }
    found
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What a word of shell code stands for, if nothing in it is computed.
pub(crate) fn plain(word: &str) -> Option<String> {
    let word = word.trim();
    let (text, rest) = match word.chars().next() {
        Some(quote @ ('"' | '\'')) => word[1..].split_once(quote)?,
        _ => {
            let end = word.find(|c: char| c.is_whitespace() || c == ';' || c == '&').unwrap_or(word.len());
            word.split_at(end)
        }
    };
    let rest = rest.trim_start();
    let ends = rest.is_empty() || rest.starts_with([';', '#', '&']);
    (ends && !text.contains(['$', '`', '\\'])).then(|| text.to_owned())
}
