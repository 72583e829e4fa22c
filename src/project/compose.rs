//! Compose files: the images of their services.

use super::image::fill_in;
use super::{FormatError, Image, yaml};

/// Reads the images that a Compose file's services run, variables replaced by their defaults. Left out are those that
/// only the environment tells.
///
/// # Errors
/// The file is not YAML, or too much of it.
pub fn parse_compose(text: &str) -> Result<Vec<Image>, FormatError> {
    let root = yaml::parse(text)?;
    let services = root.get("services").into_iter().flat_map(|services| services.entries());
    let images = services.filter_map(|(_, service)| service.get("image")?.text());
    Ok(images.filter_map(|image| fill_in(image, &|_| None)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::located::line_and_column;
    use super::*;

    #[test]
    fn images_of_the_services() {
        let text = "services:\n  db:\n    image: postgres:${PG:-16}-alpine\n  web:\n    build: .\n  cache:\n    \
                    image: redis:$TAG\n  old: {image: 'postgres:14'}\n";
        let images: Vec<_> = parse_compose(text)
            .unwrap()
            .into_iter()
            .map(|image| (image.name.value, line_and_column(text, image.name.offset)))
            .collect();
        assert_eq!(images, [("postgres:16-alpine".to_owned(), (3, 12)), ("postgres:14".to_owned(), (8, 16))]);
        assert!(parse_compose("services: []").unwrap().is_empty());
        assert!(parse_compose("services: [").is_err());
    }
}
