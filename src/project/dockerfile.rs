//! `Dockerfile`: the images that it builds on.

use std::collections::{HashMap, HashSet};

use super::image::fill_in;
use super::located::{offset_in, refuse_large};
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
    let located = |word: &str| Located { value: unquoted(word).to_owned(), offset: offset_in(text, word) };
    for words in instructions(text) {
        let Some((keyword, rest)) = words.split_first() else { continue };
        // Only what stands before the first stage holds for the images of stages.
        if keyword.eq_ignore_ascii_case("ARG") && stages.is_empty() && images.is_empty() {
            for word in rest {
                let Some((name, default)) = word.split_once('=') else { continue };
                let value = fill_in(&located(default), &|name| arguments.get(name).cloned());
                let value = value.map(|image| image.name);
                value.into_iter().for_each(|value| _ = arguments.insert(name.to_owned(), value));
            }
        } else if keyword.eq_ignore_ascii_case("FROM") {
            let mut rest = rest.iter().filter(|word| !word.starts_with("--"));
            if let Some(word) = rest.next() {
                let image = fill_in(&located(word), &|name| arguments.get(name).cloned());
                images.extend(image.filter(|image| !stages.contains(&image.name.value.to_ascii_lowercase())));
            }
            let name = rest.next().filter(|word| word.eq_ignore_ascii_case("AS")).and_then(|_| rest.next());
            // Even a stage without a name ends what is said for all of them.
            stages.insert(name.map(|word| word.to_ascii_lowercase()).unwrap_or_default());
        }
    }
    Ok(images)
}

/// The words of the instructions about images and arguments.
fn instructions(text: &str) -> Vec<Vec<&str>> {
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
        let mut line = trimmed;
        loop {
            let (content, goes_on) = match line.trim_end().strip_suffix(['\\', '`']) {
                Some(content) => (content, true),
                None => (line, false),
            };
            if wanted {
                words.extend(content.split_whitespace());
            }
            if !goes_on {
                break;
            }
            // Comments and empty lines may stand within.
            let next = lines.by_ref().find(|it| {
                let it = it.trim_start();
                !it.is_empty() && !it.starts_with('#')
            });
            let Some(next) = next else { break };
            line = next;
        }
        for end in ends {
            let _ = lines.by_ref().find(|line| line.trim_start_matches('\t') == end);
        }
        if wanted {
            found.push(words);
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
    use super::super::located::line_and_column;
    use super::*;

    fn images(text: &str) -> Vec<(String, usize, usize)> {
        let images = parse_dockerfile(text).unwrap();
        let image = |it: Image| {
            let (line, column) = line_and_column(text, it.name.offset);
            (it.name.value, line, column)
        };
        images.into_iter().map(image).collect()
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
        assert_eq!((value.value.as_str(), line_and_column(text, value.offset)), ("1.17.3", (1, 20)));
        let quoted = "ARG OTP_VERSION=\"27.0.1\"\nFROM erlang:$OTP_VERSION";
        let otp = parse_dockerfile(quoted).unwrap();
        assert_eq!(otp[0].filled_in[0].offset, quoted.find("\"27").unwrap());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"(FROM|ARG|RUN|AS|elixir:1|<<EOF|EOF|[ \t\r\n#:é={},"'$\\`]|A)*"#) {
            for image in parse_dockerfile(&text).unwrap() {
                assert!(image.name.offset < text.len());
            }
        }
    }
}
