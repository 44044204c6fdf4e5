//! What the ledger must come to, in thirty lines of plain maps: no database, no transactions, no crashes, and none of
//! the ledger's code but its names.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Days, Months, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use ledger::{Period, Scope, Spender};

/// Money and tokens.
pub type Both = [i64; 2];
/// A scope's day or month, by its first moment.
pub type Key = (Scope, Period, DateTime<Utc>);

/// A hold: by whom, when, of how much, and what it came to.
pub struct Held(Spender, DateTime<Utc>, Both, Option<Both>);

/// A window: its end, what is posted and what is pending.
pub type Window = (DateTime<Utc>, Both, Both);

#[derive(Default)]
pub struct Model {
    pub zones: HashMap<Scope, Tz>,
    pub limits: HashMap<(Scope, Period), [Option<i64>; 2]>,
    pub windows: HashMap<Key, Window>,
    pub holds: Vec<Held>,
}

impl Model {
    // The thirty lines.
    fn open(&mut self, scope: Scope, period: Period, at: DateTime<Utc>) -> (Key, Window) {
        let home = scope.guild().map_or(Scope::Instance, Scope::Guild);
        let zone = self.zones.get(&home).copied().unwrap_or(Tz::UTC);
        let (start, end) = bounds(period, zone, at);
        let (key, mut window) = ((scope, period, start), (end, [0; 2], [0; 2]));
        if let Some(known) = self.windows.get(&key).filter(|known| at < known.0) {
            return (key, *known);
        }
        let recent = self
            .holds
            .iter()
            .rev()
            .take_while(|held| held.1 > start - TimeDelta::days(3));
        for Held(_, _, amount, used) in
            recent.filter(|h| h.0.scopes().contains(&scope) && start <= h.1 && h.1 < end)
        {
            let into = if used.is_some() {
                &mut window.1
            } else {
                &mut window.2
            };
            add(into, used.unwrap_or(*amount), 1);
        }
        (key, window)
    }

    pub fn touch(&mut self, scope: Scope, at: DateTime<Utc>) {
        for period in Period::ALL {
            let (key, window) = self.open(scope, period, at);
            self.windows.insert(key, window);
        }
    }

    pub fn hold(&mut self, who: Spender, at: DateTime<Utc>, amount: Both) -> Option<usize> {
        let mut all = HashMap::new();
        for (scope, period) in who
            .scopes()
            .into_iter()
            .flat_map(|s| Period::ALL.map(|p| (s, p)))
        {
            all.extend(
                self.windows
                    .iter()
                    .filter(|(k, w)| (k.0, k.1) == (scope, period) && k.2 <= at && at < w.0)
                    .map(|(k, w)| (*k, *w)),
            );
            all.extend([self.open(scope, period, at)]);
        }
        let fits = |(key, window): (&Key, &Window)| {
            let limits = self
                .limits
                .get(&(key.0, key.1))
                .copied()
                .unwrap_or_default();
            (0..2).all(|u| {
                limits[u].is_none_or(|limit| window.1[u] + window.2[u] + amount[u] <= limit)
            })
        };
        if !all.iter().all(fits) {
            return None;
        }
        all.values_mut()
            .for_each(|window| add(&mut window.2, amount, 1));
        self.windows.extend(all);
        self.holds.push(Held(who, at, amount, None));
        Some(self.holds.len() - 1)
    }

    pub fn close(&mut self, hold: usize, came_to: Both) {
        let Held(who, at, amount, used) = &mut self.holds[hold];
        *used = Some(came_to);
        let scopes = who.scopes();
        for (_, window) in self
            .windows
            .iter_mut()
            .filter(|(k, w)| scopes.contains(&k.0) && k.2 <= *at && *at < w.0)
        {
            add(&mut window.1, came_to, 1);
            add(&mut window.2, *amount, -1);
        }
    }
}

impl Held {
    /// What was set aside.
    pub fn amount(&self) -> Both {
        self.2
    }
}

fn add(to: &mut Both, amount: Both, sign: i64) {
    (0..2).for_each(|unit| to[unit] += sign * amount[unit]);
}

/// From one local midnight to the next.
fn bounds(period: Period, zone: Tz, at: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let day = at.with_timezone(&zone).date_naive();
    let (first, next) = match period {
        Period::Day => (day, day + Days::new(1)),
        Period::Month => {
            let first = day - Days::new(u64::from(day.day0()));
            (first, first + Months::new(1))
        }
    };
    let midnight = |date: chrono::NaiveDate| {
        let mut local = date.and_time(NaiveTime::MIN);
        while zone.from_local_datetime(&local).earliest().is_none() {
            local += TimeDelta::minutes(15);
        }
        zone.from_local_datetime(&local)
            .earliest()
            .map(|moment| moment.to_utc())
    };
    (midnight(first).unwrap_or(at), midnight(next).unwrap_or(at))
}
