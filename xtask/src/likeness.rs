//! An order of byte strings in which like stands beside like, for compression.

use std::collections::{BTreeSet, HashMap};

/// How long the pieces are that two strings may have in common.
const PIECE: usize = 5;
/// A piece that more strings than this have in common says nothing about them.
const COMMON: usize = 60;

/// Where each string goes: after the longest one always the one that shares the most with the one before it, and
/// where nothing is shared the first by its bytes.
pub(crate) fn order(strings: &[&[u8]]) -> Vec<usize> {
    let pieces: Vec<BTreeSet<&[u8]>> = strings.iter().map(|string| string.windows(PIECE).collect()).collect();
    let mut holders = HashMap::<&[u8], Vec<usize>>::new();
    for (at, own) in pieces.iter().enumerate() {
        for piece in own {
            holders.entry(piece).or_default().push(at);
        }
    }
    holders.retain(|_, holders| (2..=COMMON).contains(&holders.len()));
    let size = |at: usize| pieces.get(at).map_or(0, BTreeSet::len);

    let mut left: BTreeSet<(&[u8], usize)> =
        strings.iter().enumerate().map(|(at, string)| (*string, at)).collect();
    let mut order = Vec::with_capacity(strings.len());
    let mut next = left.iter().max_by_key(|(string, _)| string.len()).copied();
    while let Some(taken) = next {
        left.remove(&taken);
        order.push(taken.1);
        let mut shared = HashMap::<usize, usize>::new();
        for piece in pieces.get(taken.1).into_iter().flatten() {
            for holder in holders.get(piece).into_iter().flatten() {
                *shared.entry(*holder).or_default() += 1;
            }
        }
        let likest = shared
            .into_iter()
            .filter_map(|(at, shared)| strings.get(at).map(|string| ((*string, at), shared)))
            .filter(|(candidate, _)| left.contains(candidate))
            .max_by(|((_, a), a_shared), ((_, b), b_shared)| {
                // Shared of all: compared crosswise, so that it stays whole numbers and the build the same.
                let all = |at: usize, shared: usize| size(at) + size(taken.1) - shared;
                (a_shared * all(*b, *b_shared)).cmp(&(b_shared * all(*a, *a_shared))).then(b.cmp(a))
            });
        next = likest.map(|(candidate, _)| candidate).or_else(|| left.first().copied());
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_stands_beside_like_and_nothing_is_lost() {
        let strings: [&[u8]; 5] = [
            b"the first of the red",
            b"another in green",
            b"the second of the red!!",
            b"one",
            b"another in greenish",
        ];
        assert_eq!(order(&strings), [2, 0, 1, 4, 3]);
        assert!(order(&[]).is_empty());
    }
}
