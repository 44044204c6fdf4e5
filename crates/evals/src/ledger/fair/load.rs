//! What a server's members ask for in a day: one floods from midnight on, the others talk from morning to midnight.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// What all but the flooder ask for together, as a part of the limit: they would fit, if it were not for the flooder.
const OTHERS: f64 = 0.9;
/// Messages that the flooder sends at once.
const BURST: u32 = 20;
/// Channels of the server.
pub const CHANNELS: u64 = 3;

const HOUR: i64 = 3_600_000;
const MORNING: i64 = 8 * HOUR;
const MIDNIGHT: i64 = 24 * HOUR;

/// A message that asks for a reply.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Milliseconds since midnight.
    pub at: i64,
    /// Who asks; 0 is the flooder.
    pub member: usize,
    /// Where.
    pub channel: u64,
    /// Prompt tokens, as the provider will count them.
    pub input: u64,
    /// Reply tokens.
    pub output: u64,
    /// How long the reply takes, in milliseconds.
    pub takes: i64,
}

impl Request {
    fn tokens(&self) -> i64 {
        i64::try_from(self.input + self.output).unwrap_or(i64::MAX)
    }
}

/// A day's requests, by time.
pub struct Load {
    /// The server's limit, in tokens.
    pub limit: i64,
    /// How many members there are.
    pub members: usize,
    /// The requests.
    pub requests: Vec<Request>,
}

impl Load {
    /// Draws a day in which all together ask for `load` times the limit.
    pub fn draw(members: usize, limit: i64, load: f64, seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let weights: Vec<f64> = (1..members)
            .map(|_| random.random_range(0.6..1.4))
            .collect();
        let sum: f64 = weights.iter().sum();
        let mut requests = flood((load - OTHERS) * limit as f64, &mut random);
        for (weight, member) in weights.iter().zip(1..) {
            let demand = OTHERS * limit as f64 * weight / sum;
            requests.extend(talk(member, demand, &mut random));
        }
        requests.sort_by_key(|request| (request.at, request.member));
        Self {
            limit,
            members,
            requests,
        }
    }

    /// Tokens that each member asks for.
    pub fn demands(&self) -> Vec<i64> {
        let mut demands = vec![0; self.members];
        for request in &self.requests {
            demands[request.member] += request.tokens();
        }
        demands
    }
}

/// How a member is called.
pub fn name(member: usize) -> String {
    match member {
        0 => "the flooder".to_owned(),
        other => format!("member {other}"),
    }
}

/// Bursts, from midnight to noon.
fn flood(demand: f64, random: &mut StdRng) -> Vec<Request> {
    let mut requests = request_until(demand, 0, random);
    let bursts = (requests.len() as i64 / i64::from(BURST)).max(1);
    for (number, request) in (0..).zip(&mut requests) {
        let burst = number / i64::from(BURST);
        request.at = MIDNIGHT / 2 * burst / bursts + 200 * (number % i64::from(BURST));
        request.channel = burst.unsigned_abs() % CHANNELS;
    }
    requests.retain(|request| request.at < MIDNIGHT);
    requests
}

/// Messages at any time from morning to midnight.
fn talk(member: usize, demand: f64, random: &mut StdRng) -> Vec<Request> {
    let mut requests = request_until(demand, member, random);
    for request in &mut requests {
        request.at = random.random_range(MORNING..MIDNIGHT);
        request.channel = random.random_range(0..CHANNELS);
    }
    requests
}

fn request_until(demand: f64, member: usize, random: &mut StdRng) -> Vec<Request> {
    let (mut requests, mut asked) = (vec![], 0.0);
    while asked < demand {
        let request = Request {
            at: 0,
            member,
            channel: 0,
            input: random.random_range(1_500..3_300),
            output: random.random_range(40..400),
            takes: random.random_range(2_000..8_000),
        };
        asked += request.tokens() as f64;
        requests.push(request);
    }
    requests
}

/// Max-min shares of `capacity`: nobody gets more than they ask for, and nobody could get more but from somebody who has
/// less. The water is poured until it is used up.
pub fn max_min(demands: &[i64], capacity: i64) -> Vec<i64> {
    let mut shares = vec![0; demands.len()];
    let mut order: Vec<usize> = (0..demands.len()).collect();
    order.sort_by_key(|member| demands[*member]);
    let mut left = capacity;
    for (served, member) in order.into_iter().enumerate() {
        let equal = left / (demands.len() - served) as i64;
        shares[member] = demands[member].min(equal);
        left -= shares[member];
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_is_poured_to_the_thirsty_in_equal_parts() {
        assert_eq!(max_min(&[100, 10, 30], 90), [50, 10, 30]);
        assert_eq!(max_min(&[100, 10, 60], 90), [40, 10, 40]);
        assert_eq!(max_min(&[5, 6], 100), [5, 6]);
    }

    #[test]
    fn a_load_asks_for_what_it_was_told() {
        let load = Load::draw(10, 1_000_000, 2.0, 3);
        let demands = load.demands();
        let sum: i64 = demands.iter().sum();
        assert!((2_000_000..2_050_000).contains(&sum), "{demands:?}");
        assert!(load.requests.is_sorted_by_key(|request| request.at));
        assert!(demands[0] > 1_000_000 && demands[1..].iter().all(|d| *d < 200_000));
    }
}
