//! `Dockerfile`: the images that it builds on.

use std::collections::{HashMap, HashSet};

use super::image::fill_in;
use super::located::{locate, offset_in, refuse_large};
use super::{FormatError, Image, Located};

/// Reads the images of a Dockerfile's stages, with the defaults of its arguments filled in. Left out are those that only
/// the builder could tell, and stages that build on another one.
///
/// # Errors
/// The file is too large.
pub fn parse_dockerfile(text: &str) -> Result<Vec<Image>, FormatError> {
    refuse_large(text)?;
    let mut arguments: HashMap<String, Located<String>> = HashMap::new();
    let mut stages: HashSet<String> = HashSet::new();
    let mut images = Vec::new();
    for Located { value: words, line, column } in locate(text, instructions(text)) {
        let located = |word: &Word<'_>| Located {
            value: unquoted(word.text).to_owned(),
            line: line + word.lines,
            column: if word.lines == 0 { column + word.column } else { word.column + 1 },
        };
        let Some((keyword, rest)) = words.split_first() else { continue };
        // Only what stands before the first stage holds for the images of stages.
        if keyword.text.eq_ignore_ascii_case("ARG") && stages.is_empty() && images.is_empty() {
            for word in rest {
                let Some((name, default)) = word.text.split_once('=') else { continue };
                let columns = word.text[..word.text.len() - default.len()].chars().count();
                let default = Word { text: default, column: word.column + columns, lines: word.lines };
                let value = Located { value: unquoted(default.text).to_owned(), ..located(&default) };
                let value = fill_in(&value, &|name| arguments.get(name).cloned());
                let value = value.map(|image| image.name);
                value.into_iter().for_each(|value| _ = arguments.insert(name.to_owned(), value));
            }
        } else if keyword.text.eq_ignore_ascii_case("FROM") {
            let mut rest = rest.iter().filter(|word| !word.text.starts_with("--"));
            if let Some(word) = rest.next() {
                let image = fill_in(&located(word), &|name| arguments.get(name).cloned());
                images.extend(image.filter(|image| !stages.contains(&image.name.value.to_ascii_lowercase())));
            }
            let name =
                rest.next().filter(|word| word.text.eq_ignore_ascii_case("AS")).and_then(|_| rest.next());
            // Even a stage without a name ends what is said for all of them.
            stages.insert(name.map(|word| word.text.to_ascii_lowercase()).unwrap_or_default());
        }
    }
    Ok(images)
}

/// A word of an instruction, and where it stands, counted from the instruction's beginning.
struct Word<'a> {
    text: &'a str,
    lines: usize,
    column: usize,
}

/// The instructions about images and arguments, each with the offset at which it begins.
fn instructions(text: &str) -> Vec<(usize, Vec<Word<'_>>)> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(first) = lines.next() {
        let trimmed = first.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let keyword = trimmed.split_whitespace().next().unwrap_or_default();
        let wanted = ["ARG", "FROM"].iter().any(|it| keyword.eq_ignore_ascii_case(it));
        let ends = if wanted { Vec::new() } else { here_documents(trimmed) };
        let mut words = Vec::new();
        let (mut line, mut number, mut start) = (trimmed, 0, trimmed);
        loop {
            let (content, goes_on) = match line.trim_end().strip_suffix(['\\', '`']) {
                Some(content) => (content, true),
                None => (line, false),
            };
            if wanted {
                words.extend(content.split_whitespace().map(|word| Word {
                    text: word,
                    lines: number,
                    column: start[..offset_in(start, word)].chars().count(),
                }));
            }
            if !goes_on {
                break;
            }
            // Comments and empty lines may stand within.
            let next = lines.by_ref().map(|it| (number += 1, it)).find(|(_, it)| {
                let it = it.trim_start();
                !it.is_empty() && !it.starts_with('#')
            });
            let Some((_, next)) = next else { break };
            (line, start) = (next, next);
        }
        for end in ends {
            let _ = lines.by_ref().find(|line| line.trim_start_matches('\t') == end);
        }
        if wanted {
            found.push((offset_in(text, trimmed), words));
        }
    }
    found
}

/// What ends the here-documents that begin on a line: `RUN <<EOF` …
fn here_documents(line: &str) -> Vec<&str> {
    let ends = line.split("<<").skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        Some(&rest[..end]).filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
    });
    ends.collect()
}

fn unquoted(text: &str) -> &str {
    ['"', '\''].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(text: &str) -> Vec<(String, usize, usize)> {
        let images = parse_dockerfile(text).unwrap();
        images.into_iter().map(|it| (it.name.value, it.name.line, it.name.column)).collect()
    }

    #[test]
    fn images_of_the_stages() {
        let text = "# syntax=docker/dockerfile:1\nFROM --platform=$BUILDPLATFORM elixir:1.17-alpine AS build\n\
                    RUN cat <<EOF > x.sql\nSELECT 1\nFROM users\nEOF\n\
                    RUN apk add \\\n    FROM node:1 \\\n  # a comment\n  git\n\n  from build as test\nfrom Build\n\
                    FROM \\\n  node:22\nFROM scratch\n";
        let expected = [("elixir:1.17-alpine", 2, 32), ("node:22", 15, 3), ("scratch", 16, 6)];
        assert_eq!(images(text), expected.map(|(name, line, column)| (name.to_owned(), line, column)));
    }

    #[test]
    fn arguments_are_filled_in() {
        let text = "ARG ELIXIR_VERSION=1.17.3\nARG OTP_VERSION=\"27.0.1\" OTHER\n\
                    ARG BUILDER=\"hexpm/elixir:${ELIXIR_VERSION}-erlang-${OTP_VERSION}\"\n\
                    FROM ${BUILDER} as builder\nARG ELIXIR_VERSION=1.2.3\nFROM elixir:$ELIXIR_VERSION\nFROM node:$OTHER\n";
        let found = parse_dockerfile(text).unwrap();
        let names: Vec<_> = found.iter().map(|image| image.name.value.as_str()).collect();
        assert_eq!(names, ["hexpm/elixir:1.17.3-erlang-27.0.1", "elixir:1.17.3"]);
        let value = &found[1].filled_in[0];
        assert_eq!((value.value.as_str(), value.line, value.column), ("1.17.3", 1, 20));
        let otp = parse_dockerfile("ARG OTP_VERSION=\"27.0.1\"\nFROM erlang:$OTP_VERSION").unwrap();
        assert_eq!((otp[0].filled_in[0].line, otp[0].filled_in[0].column), (1, 17));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"(FROM|ARG|RUN|AS|elixir:1|<<EOF|EOF|[ \t\r\n#:é={},"'$\\`]|A)*"#) {
            for image in parse_dockerfile(&text).unwrap() {
                assert!(image.name.line <= text.lines().count());
            }
        }
    }
}
