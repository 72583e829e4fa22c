//! The blocks of code on a page.

use std::ops::Range;

/// A block of code.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    language: String,
    /// The file that it is, where its fence names one.
    pub(crate) file: Option<String>,
    /// The program without which it cannot be run.
    pub(crate) needs: Option<String>,
    /// What stands in it.
    pub(crate) text: String,
    /// Where that stands on the page.
    pub(crate) body: Range<usize>,
}

impl Block {
    /// Whether it is to be run.
    pub(crate) fn is_command(&self) -> bool {
        self.language == "bash"
    }

    /// Whether it is what `command` prints: nothing but white space stands between them.
    pub(crate) fn is_output_behind(&self, command: &Block, page: &str) -> bool {
        let between = page[command.body.end..self.body.start].lines().filter(|line| !line.trim().is_empty());
        self.file.is_none()
            && matches!(self.language.as_str(), "text" | "json")
            && between.into_iter().all(|line| line.starts_with("```"))
    }
}

/// Every block of a page that has a language.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(Block, String)> = None;
    let mut at = 0;
    for line in page.split_inclusive('\n') {
        let end = at + line.len();
        let fence: String = line.chars().take_while(|&c| c == '`').collect();
        open = match open.take() {
            Some((mut block, closing)) if line.trim_end() == closing => {
                block.body.end = at;
                block.text = page[block.body.clone()].to_owned();
                blocks.push(block);
                None
            }
            None if fence.len() >= 3 => {
                let mut words = line[fence.len()..].split_whitespace().map(str::to_owned);
                let (language, word) = (words.next().unwrap_or_default(), words.next());
                let needs = word.as_deref().and_then(|word| word.strip_prefix("needs=")).map(str::to_owned);
                let file = word.filter(|_| needs.is_none());
                Some((Block { language, file, needs, text: String::new(), body: end..end }, fence))
            }
            other => other,
        };
        at = end;
    }
    assert!(open.is_none(), "a block has no end");
    blocks
}

/// The anchor that GitHub gives a heading.
pub(crate) fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
