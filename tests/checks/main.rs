//! Every rule that `check` can find by itself: that it fires where it should, with the right place and words, and that
//! a nearly equal healthy project is quiet.

mod flake;
