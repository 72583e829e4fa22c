//! `.gitlab-ci.yml`: the images that its jobs run in.

use super::image::fill_in;
use super::yaml::{self, Node};
use super::{FormatError, Image, Located};

/// Reads the images of GitLab's jobs and their services, the file's own variables filled in. Left out are those that only
/// GitLab could tell.
///
/// # Errors
/// The file is not YAML, or too much of it.
pub fn parse_gitlab_ci(text: &str) -> Result<Vec<Image>, FormatError> {
    let root = yaml::parse(text)?;
    let mut images = Vec::new();
    let jobs = root.entries().map(|(_, job)| job).filter(|job| matches!(job, Node::Map(_)));
    for job in std::iter::once(&root).chain(jobs) {
        let lookup = |name: &str| [job, &root].into_iter().find_map(|it| variable(it, name));
        let services = job.get("services").into_iter().flat_map(Node::items);
        for image in job.get("image").into_iter().chain(services) {
            let image = image.get("name").unwrap_or(image).text();
            images.extend(image.and_then(|image| fill_in(image, &lookup)));
        }
    }
    Ok(images)
}

/// The value of a variable, which can be written with a description.
fn variable(node: &Node, name: &str) -> Option<Located<String>> {
    let variable = node.get("variables")?.get(name)?;
    let value = variable.get("value").unwrap_or(variable).text()?;
    // One that is made of others is not followed.
    (!value.value.contains('$')).then(|| value.clone())
}

#[cfg(test)]
mod tests {
    use super::super::located::line_of;
    use super::*;

    #[test]
    fn images_of_the_jobs_and_their_services() {
        let text = "variables:\n  ELIXIR: \"1.17\"\n  PG: {value: '16', description: x}\n  BOTH: $ELIXIR\n\
                    default:\n  image: elixir:$ELIXIR\n.base: &base\n  image: {name: 'node:${NODE:-22}'}\n\
                    test:\n  <<: *base\n  services:\n    - postgres:${PG}-alpine\n    - name: redis:7\n\
                    other:\n  image: elixir:$BOTH\n  variables: {ELIXIR: 1.16}\nlast:\n  image: $CI_REGISTRY_IMAGE\n\
                    image: elixir:${ELIXIR}-slim\n";
        let images: Vec<_> = parse_gitlab_ci(text)
            .unwrap()
            .into_iter()
            .map(|image| (image.name.value, line_of(text, image.name.offset)))
            .collect();
        let expected = [
            ("elixir:1.17-slim", 19),
            ("elixir:1.17", 6),
            ("node:22", 8),
            ("postgres:16-alpine", 12),
            ("redis:7", 13),
        ];
        assert_eq!(images, expected.map(|(name, line)| (name.to_owned(), line)));
        assert!(parse_gitlab_ci("a: [").is_err());
        assert!(parse_gitlab_ci("- a\n- image: x\n").unwrap().is_empty());
    }
}
