//! What a process has used, as Linux counts it.

use std::time::Duration;

use anyhow::Context as _;

/// The clock ticks in a second of `/proc/PID/stat`; fixed by Linux's interface to programs (`USER_HZ`).
const TICKS: f64 = 100.0;

/// CPU time of a process and all its threads, in user code and in the kernel.
pub fn cpu(pid: u32) -> anyhow::Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let stat = std::fs::read_to_string(&path)
        .with_context(|| format!("{path} cannot be read; is the process gone?"))?;
    let ticks = ticks(&stat).with_context(|| format!("{path} has an unknown form"))?;
    Ok(Duration::from_secs_f64(ticks as f64 / TICKS))
}

/// The most memory that a process has held at a time, and what it holds now, in megabytes of 10^6 bytes.
pub fn memory(pid: u32) -> anyhow::Result<Memory> {
    let path = format!("/proc/{pid}/status");
    let status = std::fs::read_to_string(&path)
        .with_context(|| format!("{path} cannot be read; is the process gone?"))?;
    let line = |name| kilobytes(&status, name).with_context(|| format!("{path} has no {name}"));
    Ok(Memory {
        peak: line("VmHWM:")?,
        now: line("VmRSS:")?,
    })
}

/// Memory in megabytes of 10^6 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// The most at a time.
    pub peak: f64,
    /// Now.
    pub now: f64,
}

/// The fields `utime` and `stime`. The program's name stands before them in parentheses, and may hold blanks.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let (user, system) = (times.next()?, times.next()?);
    Some(user.parse::<u64>().ok()? + system.parse::<u64>().ok()?)
}

/// A line of `/proc/PID/status`, whose "kB" are 1024 bytes.
fn kilobytes(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let count: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(count * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_system_time_are_found_behind_a_name_with_blanks() {
        let stat = "7 (a (b) c) S 1 7 7 0 -1 4194560 9 0 0 0 150 25 3 4 20 0 5 0 100 1 1";
        assert_eq!(ticks(stat), Some(175));
    }

    #[test]
    fn this_process_has_used_memory() {
        let memory = memory(std::process::id()).unwrap();
        assert!(memory.peak >= memory.now && memory.now > 0.5, "{memory:?}");
    }
}
