//! The names that a Nix file uses, wherever they are looked up.

use rnix::{SyntaxKind, tokenize};

use super::bound::has_short_runs;
use crate::project::located::{FormatError, Located, refuse_large};

/// Reads the names that are selected or stand by themselves, such as `elixir_1_17` in `pkgs.elixir_1_17`, in
/// `inherit (pkgs) elixir_1_17` and in `with pkgs; [ elixir_1_17 ]`. Names that are defined are left out, and so are those
/// of packages that are given another version or source (`elixir_1_17.override { version = …; }`): what they bring is not
/// what they are called.
///
/// A version is asked for wherever its name stands: in a file that does not parse, and below a `pkgs` of which only
/// evaluating would tell that it is nixpkgs. So this goes by the tokens, and not by what the parser makes of them.
///
/// # Errors
/// Too much of it.
pub fn nix_names(text: &str) -> Result<Vec<Located<String>>, FormatError> {
    refuse_large(text)?;
    if !has_short_runs(text) {
        return Err(FormatError::TooMuch);
    }
    let (mut found, mut path) = (Vec::new(), Vec::new());
    let (mut offset, mut dotted) = (0, false);
    let tokens: Vec<_> = tokenize(text).collect();
    for (at, &(kind, token)) in tokens.iter().enumerate() {
        match kind {
            SyntaxKind::TOKEN_IDENT if dotted && OVERRIDES.contains(&token) => {
                let _ = gives_another_version(&tokens[at + 1..]).then(|| path.pop());
            }
            SyntaxKind::TOKEN_IDENT => {
                if !dotted {
                    found.append(&mut path);
                }
                path.push(Located { value: token.to_owned(), offset });
            }
            // What stands before it is a path that is defined.
            SyntaxKind::TOKEN_ASSIGN => path.clear(),
            _ => {}
        }
        if !kind.is_trivia() {
            dotted = kind == SyntaxKind::TOKEN_DOT;
        }
        offset += token.len();
    }
    found.append(&mut path);
    Ok(found)
}

/// The functions of a package that make another one of it.
const OVERRIDES: &[&str] = &["override", "overrideAttrs", "overrideDerivation"];

/// So many tokens of what an override is given are looked at.
const LONGEST_ARGUMENT: usize = 1000;

/// Whether what a package is overridden with sets its version or source: the first thing that is in brackets.
fn gives_another_version(rest: &[(SyntaxKind, &str)]) -> bool {
    let mut depth = 0_usize;
    let mut name = "";
    for (kind, token) in rest.iter().filter(|(kind, _)| !kind.is_trivia()).take(LONGEST_ARGUMENT) {
        match kind {
            SyntaxKind::TOKEN_L_BRACE | SyntaxKind::TOKEN_L_PAREN | SyntaxKind::TOKEN_L_BRACK => depth += 1,
            SyntaxKind::TOKEN_R_BRACE | SyntaxKind::TOKEN_R_PAREN | SyntaxKind::TOKEN_R_BRACK => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return false;
                }
            }
            SyntaxKind::TOKEN_ASSIGN if ["version", "src"].contains(&name) => return true,
            // Nothing that is overridden here.
            SyntaxKind::TOKEN_SEMICOLON if depth == 0 => return false,
            _ => {}
        }
        name = token;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        nix_names(text).unwrap().into_iter().map(|name| name.value).collect()
    }

    #[test]
    fn used_names_and_not_defined_ones() {
        let text = "# elixir_1_14\nlet elixir_1_15 = pkgs.beam.packages.erlang_27.elixir_1_18;\n\
                    in { a.elixir_1_16 = with pkgs; [ nodejs_22 \"erlang_25 ${python312}\" ];\n\
                    inherit (pkgs) postgresql_16; }";
        assert_eq!(
            names(text),
            [
                "pkgs",
                "beam",
                "packages",
                "erlang_27",
                "elixir_1_18",
                "pkgs",
                "nodejs_22",
                "python312",
                "pkgs",
                "postgresql_16"
            ]
        );
        assert!(text[nix_names(text).unwrap()[4].offset..].starts_with("elixir_1_18"));
        assert_eq!(names("{ a = [ elixir_1_18"), ["elixir_1_18"]);
        assert!(nix_names(&"a/".repeat(10_000)).is_err());
    }

    #[test]
    fn a_package_of_another_version_is_not_what_it_is_called() {
        let another = "x = p.elixir_1_17.override { version = \"1.18.2\"; }; y = p.erlang_26;";
        assert_eq!(names(another), ["p", "p", "erlang_26"]);
        let another = "[ (p.elixir_1_17.overrideAttrs (old: rec { a = [ 1 ]; src = fetch { rev = version; }; })) nodejs_22 ]";
        let names_of = names(another);
        assert!(!names_of.contains(&"elixir_1_17".to_owned()) && names_of.contains(&"nodejs_22".to_owned()));
        let same = "x = p.nodejs_20.override { enableNpm = 1; }; version = \"1\"; y = p.python312.override";
        assert_eq!(names(same), ["p", "nodejs_20", "p", "python312"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"(let|in|with|inherit|[a-c_]{1,3}|\.override|version =|[\[\](){}.=;:,?@ \n"'$/<>é#*+-]|[0-9.]{1,4})*"#) {
            let _ = nix_names(&text);
        }
    }
}
