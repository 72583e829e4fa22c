//! What is wrong with a text that is not Nix, and what would mend it.

use rnix::ast;
use rnix::{Parse, ParseError, Root, SyntaxKind, SyntaxKind::*, SyntaxNode, TextRange, tokenize};
use rowan::ast::AstNode;

use super::bound::is_bounded;
use super::names::attr_names;
use crate::project::located::line_of;

/// The first mistake of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is seen; mostly the mistake itself stands just before.
    pub offset: usize,
    /// How far the text was read.
    pub reached: usize,
    /// What is wrong, as a clause.
    pub message: String,
    /// The ';' that would mend it.
    pub semicolon: Option<Semicolon>,
}

/// A ';' that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Semicolon {
    /// Where it belongs.
    pub offset: usize,
    /// Whether nothing else is wrong with the text.
    pub suffices: bool,
}

pub(super) fn mistake(text: &str, parse: &Parse<Root>, error: &ParseError) -> Option<Mistake> {
    let tokens = Tokens::of(text);
    let (reached, found, wanted) = place(text, &tokens, error)?;
    // After `inherit a` one more name would do as well.
    let at_end = found.is_some_and(|(kind, _)| matches!(kind, TOKEN_R_BRACE | TOKEN_IN));
    if (wanted.contains(&TOKEN_SEMICOLON) || at_end)
        && let Some((at, suffices)) = semicolon(text, &tokens, reached)
    {
        let message = format!("';' is missing after {}", ended_by(&parse.syntax(), at));
        let semicolon = Some(Semicolon { offset: at, suffices });
        return Some(Mistake { offset: at, reached, message, semicolon });
    }
    let (offset, message) = tokens.unbalanced(text, found, error).unwrap_or_else(|| {
        let found = found.map_or("end of the file".to_owned(), |(_, text)| format!("'{}'", shortened(text)));
        let message = match (error, wanted) {
            (ParseError::UnexpectedDoubleBind(_), _) => "the arguments have two names".to_owned(),
            (ParseError::UnexpectedExtra(_), _) => {
                format!("the expression ends before {found}; a file is one expression")
            }
            _ if text.trim().is_empty() => "the file is empty".to_owned(),
            (_, []) => format!("unexpected {found}"),
            (_, wanted) => format!("unexpected {found}, expected {}", listed(wanted)),
        };
        (reached, message)
    });
    Some(Mistake { offset, reached, message, semicolon: None })
}

type Found<'a> = Option<(SyntaxKind, &'a str)>;

/// Where an error is seen, what stands there, and what should.
fn place<'a, 'e>(
    text: &'a str,
    tokens: &Tokens<'a>,
    error: &'e ParseError,
) -> Option<(usize, Found<'a>, &'e [SyntaxKind])> {
    let (range, wanted): (Option<&TextRange>, &[SyntaxKind]) = match error {
        ParseError::Unexpected(range)
        | ParseError::UnexpectedExtra(range)
        | ParseError::UnexpectedDoubleBind(range)
        | ParseError::DuplicatedArgs(range, _) => (Some(range), &[]),
        ParseError::UnexpectedWanted(_, range, wanted) => (Some(range), wanted),
        ParseError::UnexpectedEOFWanted(wanted) => (None, wanted),
        ParseError::UnexpectedEOF => (None, &[]),
        _ => return None,
    };
    let offset = range.map_or(text.trim_end().len(), |range| usize::from(range.start()));
    let found = range.and_then(|_| tokens.0.iter().find(|token| token.start >= offset));
    Some((found.map_or(offset, |token| token.start), found.map(|token| (token.kind, token.text)), wanted))
}

/// Where a ';' makes the text better, and whether it is whole then: at the end of what stands before the mistake or,
/// if that has swallowed the next name (`a = 1 b = 2`), before the name.
fn semicolon(text: &str, tokens: &Tokens<'_>, offset: usize) -> Option<(usize, bool)> {
    let before = tokens.0.partition_point(|token| token.start < offset);
    let mut name = before;
    while name > 1 && matches!(tokens.0[name - 1].kind, TOKEN_IDENT | TOKEN_DOT | TOKEN_OR) {
        name -= 1;
        if tokens.0[name].kind != TOKEN_DOT && tokens.0[name - 1].kind != TOKEN_DOT {
            break;
        }
    }
    let mut best = None;
    for candidate in [before, name] {
        let Some(at) = candidate.checked_sub(1).map(|last| tokens.0[last].end()) else { continue };
        let mended = format!("{};{}", &text[..at], &text[at..]);
        if !is_bounded(&mended) {
            continue;
        }
        let reaches = match Root::parse(&mended).errors() {
            [] => return Some((at, true)),
            [error, ..] => place(&mended, &Tokens::of(&mended), error).map_or(0, |(offset, ..)| offset),
        };
        if reaches > offset + 1 && best.is_none_or(|(_, best)| reaches > best) {
            best = Some((at, reaches));
        }
    }
    best.map(|(at, _)| (at, false))
}

/// What ends at a place where a ';' is missing, in words.
fn ended_by(tree: &SyntaxNode, at: usize) -> String {
    let last = u32::try_from(at.saturating_sub(1)).unwrap_or_default();
    let token = tree.token_at_offset(last.into()).right_biased();
    let ends_here =
        |part: Option<ast::Expr>| part.is_some_and(|it| usize::from(it.syntax().text_range().end()) == at);
    let around = token.iter().flat_map(|token| token.parent_ancestors());
    for node in around {
        if let Some(entry) = ast::AttrpathValue::cast(node.clone()) {
            let names = entry.attrpath().map(|path| attr_names(&path)).unwrap_or_default();
            return match names {
                (names, true) => format!("the value of `{}`", names.join(".")),
                _ => "a value".to_owned(),
            };
        } else if ast::Inherit::can_cast(node.kind()) {
            return "`inherit`".to_owned();
        } else if ends_here(ast::With::cast(node.clone()).and_then(|with| with.namespace())) {
            return "the set of `with`".to_owned();
        } else if ends_here(ast::Assert::cast(node).and_then(|assert| assert.condition())) {
            return "the condition of `assert`".to_owned();
        }
    }
    "a value".to_owned()
}

#[derive(Clone, Copy)]
struct Token<'a> {
    kind: SyntaxKind,
    text: &'a str,
    start: usize,
}

impl Token<'_> {
    fn end(self) -> usize {
        self.start + self.text.len()
    }
}

/// The tokens of a text, without blanks and comments.
struct Tokens<'a>(Vec<Token<'a>>);

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Self {
        let mut start = 0;
        let all = tokenize(text).map(|(kind, text)| {
            let token = Token { kind, text, start };
            start += text.len();
            token
        });
        Tokens(all.filter(|token| !token.kind.is_trivia()).collect())
    }

    /// The bracket that is closed nowhere, or closes nothing.
    fn unbalanced(&self, text: &str, found: Found<'_>, error: &ParseError) -> Option<(usize, String)> {
        let mut open: Vec<Token<'a>> = Vec::new();
        for token in &self.0 {
            match token.kind {
                TOKEN_L_PAREN | TOKEN_L_BRACE | TOKEN_L_BRACK | TOKEN_STRING_START | TOKEN_INTERPOL_START => {
                    open.push(*token);
                }
                TOKEN_R_PAREN | TOKEN_R_BRACE | TOKEN_R_BRACK | TOKEN_STRING_END | TOKEN_INTERPOL_END => {
                    let Some(opener) = open.pop() else {
                        let extra = matches!(error, ParseError::UnexpectedExtra(_));
                        let closer = extra && found.is_some_and(|(kind, _)| kind == token.kind);
                        return closer.then(|| (token.start, format!("'{}' closes nothing", token.text)));
                    };
                    if closer(opener.kind) != token.kind {
                        let line = line_of(text, opener.start);
                        let message =
                            format!("'{}' does not close the '{}' of line {line}", token.text, opener.text);
                        return Some((token.start, message));
                    }
                }
                _ => {}
            }
        }
        let unclosed = open.last()?;
        Some((unclosed.start, format!("'{}' is closed nowhere", unclosed.text)))
    }
}

fn closer(opener: SyntaxKind) -> SyntaxKind {
    match opener {
        TOKEN_L_PAREN => TOKEN_R_PAREN,
        TOKEN_L_BRACE => TOKEN_R_BRACE,
        TOKEN_L_BRACK => TOKEN_R_BRACK,
        TOKEN_STRING_START => TOKEN_STRING_END,
        _ => TOKEN_INTERPOL_END,
    }
}

fn listed(wanted: &[SyntaxKind]) -> String {
    let names: Vec<_> = wanted.iter().map(|kind| spelt(*kind)).collect();
    match &names[..] {
        [names @ .., last] if !names.is_empty() => format!("{} or {last}", names.join(", ")),
        names => names.join(""),
    }
}

/// A token as one writes it.
fn spelt(kind: SyntaxKind) -> &'static str {
    match kind {
        TOKEN_IDENT => "a name",
        TOKEN_STRING_START | TOKEN_STRING_CONTENT => "a string",
        TOKEN_STRING_END => "the end of the string",
        TOKEN_INTERPOL_START => "'${'",
        TOKEN_INTERPOL_END | TOKEN_R_BRACE => "'}'",
        TOKEN_L_BRACE => "'{'",
        TOKEN_L_PAREN => "'('",
        TOKEN_R_PAREN => "')'",
        TOKEN_L_BRACK => "'['",
        TOKEN_R_BRACK => "']'",
        TOKEN_SEMICOLON => "';'",
        TOKEN_ASSIGN => "'='",
        TOKEN_COLON => "':'",
        TOKEN_AT => "'@'",
        TOKEN_ELLIPSIS => "'...'",
        TOKEN_THEN => "'then'",
        TOKEN_ELSE => "'else'",
        TOKEN_IN => "'in'",
        TOKEN_REC => "'rec'",
        TOKEN_OR => "'or'",
        _ => "something else",
    }
}

fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::nix::{NixError, parse};

    fn mistake_of(text: &str) -> Mistake {
        match parse(text) {
            Err(NixError::Invalid(mistake)) => *mistake,
            other => panic!("{other:?}"),
        }
    }

    fn place(text: &str, offset: usize) -> (usize, usize) {
        (line_of(text, offset), offset - text[..offset].rfind('\n').map_or(0, |at| at + 1) + 1)
    }

    fn told(text: &str) -> (usize, usize, String) {
        let mistake = mistake_of(text);
        let (line, column) = place(text, mistake.offset);
        (line, column, mistake.message)
    }

    #[test]
    fn the_semicolon_that_is_missing_is_found() {
        for (text, line, column, message) in [
            ("{\n  a = { b = 1; }\n}\n", 2, 17, "';' is missing after the value of `a`"),
            ("{\n  a = 1\n  b = 2;\n}\n", 2, 8, "';' is missing after the value of `a`"),
            ("{\n  a = f x\n  b.c = 2;\n}\n", 2, 10, "';' is missing after the value of `a`"),
            ("{ inherit (a) b }", 1, 16, "';' is missing after `inherit`"),
            ("{ a = assert b let c = 1; in c; }", 1, 15, "';' is missing after the condition of `assert`"),
            ("{ a = with b if c then d else e; }", 1, 13, "';' is missing after the set of `with`"),
            ("let a = with b; c in a", 1, 18, "';' is missing after the value of `a`"),
            ("let\n  a = 1\nin a", 2, 8, "';' is missing after the value of `a`"),
            ("{\n  a.\"b c\" = ''\n  x''\n}", 3, 6, "';' is missing after the value of `a.b c`"),
        ] {
            let found = told(text);
            assert_eq!(found, (line, column, message.to_owned()), "{text}");
            assert!(mistake_of(text).semicolon.unwrap().suffices, "{text}");
        }
    }

    #[test]
    fn one_semicolon_of_two_helps_but_does_not_suffice() {
        let text = "{\n  a = { b = 1 };\n  c = { d = 1 };\n}\n";
        let mistake = mistake_of(text);
        assert_eq!(mistake.message, "';' is missing after the value of `b`");
        assert_eq!(
            mistake.semicolon.unwrap(),
            Semicolon { offset: text.find(" };").unwrap(), suffices: false }
        );
    }

    #[test]
    fn other_mistakes_are_told_in_words() {
        for (text, line, column, message) in [
            ("{ a = [ 1 2; }", 1, 14, "'}' does not close the '[' of line 1"),
            ("{\n  a = {\n  b = 1;\n}\n", 1, 1, "'{' is closed nowhere"),
            ("{ a = \"x; }\n", 1, 7, "'\"' is closed nowhere"),
            ("{ a = 1; } }", 1, 12, "'}' closes nothing"),
            ("a = 1;", 1, 3, "the expression ends before '='; a file is one expression"),
            ("", 1, 1, "the file is empty"),
            ("# x\na:", 2, 3, "unexpected end of the file"),
            ("{ a = ; }", 1, 7, "unexpected ';', expected '(', 'rec', '{', '[', a string or a name"),
        ] {
            assert_eq!(told(text), (line, column, message.to_owned()), "{text}");
        }
    }
}
