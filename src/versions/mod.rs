//! What a project's files ask for, what is there, and whether it all agrees: pure.

mod ask;
mod asked;
mod attribute;
mod image;
mod survey;
mod tool;
mod version;
mod wanted;

pub use ask::{Ask, Origin};
pub use asked::{Form, asks};
pub use survey::{Has, Row, Shell, Standing, Verdict};
pub use tool::Tool;
pub use version::Version;
pub use wanted::{Agreement, Wanted};
