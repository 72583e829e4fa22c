//! The names that a Nix file uses, wherever they are looked up.

use rnix::{SyntaxKind, tokenize};

use super::bound::has_short_runs;
use crate::project::located::{FormatError, Located, refuse_large};

/// Reads the names that are selected or stand by themselves, such as `elixir_1_17` in `pkgs.elixir_1_17`, in
/// `inherit (pkgs) elixir_1_17` and in `with pkgs; [ elixir_1_17 ]`. Names that are defined are left out.
///
/// A version is asked for wherever its name stands: in a file that does not parse, and below a `pkgs` of which only
/// evaluating would tell that it is nixpkgs. So this goes by the tokens, and not by what [`super::parse`] makes of them.
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
    for (kind, token) in tokenize(text) {
        match kind {
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

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"(let|in|with|inherit|[a-c_]{1,3}|[\[\](){}.=;:,?@ \n"'$/<>é#*+-]|[0-9.]{1,4})*"#) {
            let _ = nix_names(&text);
        }
    }
}
