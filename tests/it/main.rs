//! Everything that is tested from outside: the provider driven by a real Terraform against the emulator in this
//! repository (or, where `MZ_HOST` is set, against that server), and laws over what is declared.

mod bad_input;
mod catalog;
mod cloud;
mod cloud_refusals;
mod coverage;
mod data_sources;
mod examples;
mod faults;
mod functions;
mod generated;
mod guides;
mod install;
mod lifecycle;
mod moved;
mod names;
mod newer;
mod others;
mod plugin;
mod proto;
mod provider_block;
mod query;
mod quoting;
mod random;
mod reads;
mod references;
mod refusals;
mod replaced;
mod scenarios;
mod shapes;
mod support;
mod takeover;
mod wire;
