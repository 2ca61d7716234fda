//! The hubs of gateways, as a test wants them.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

use drawbridge_contract::link::messages::{Answer, Call, HttpAnswer};
use drawbridge_domain::id::{GatewayId, ReplicaId};

use super::fakes::in_pieces;
use crate::ports::{
    Asked, GatewayAnswer, GatewayAway, GatewayCall, GatewayFailure, GatewayOrder, GatewayState, Gateways,
    OutwardBody, Pending,
};

/// A call that a test looks at.
#[derive(Debug, Clone)]
pub(crate) struct SeenCall {
    /// Through which gateway.
    pub(crate) gateway: GatewayId,
    /// Its head.
    pub(crate) head: Call,
    /// Its body, whole.
    pub(crate) body: Vec<u8>,
    /// Whether it may be made again.
    pub(crate) safe: bool,
    /// The sealed credentials.
    pub(crate) boxes: BTreeMap<ReplicaId, String>,
}

type Respond = Box<dyn Fn(&SeenCall) -> Result<(Answer, Vec<u8>), GatewayFailure>>;

/// Gateways that answer what the test said, in turn, and remember what they were asked. Those of which nothing was said
/// are offline.
#[derive(Default)]
pub(crate) struct TestGateways {
    answers: RefCell<VecDeque<Respond>>,
    pub(crate) calls: RefCell<Vec<SeenCall>>,
    pub(crate) orders: RefCell<Vec<(GatewayId, GatewayOrder)>>,
    /// What is said of a gateway's links; of others, that there are none.
    pub(crate) states: RefCell<BTreeMap<GatewayId, GatewayState>>,
}

impl TestGateways {
    /// The next call gets this.
    pub(crate) fn next(
        &self,
        respond: impl Fn(&SeenCall) -> Result<(Answer, Vec<u8>), GatewayFailure> + 'static,
    ) {
        self.answers.borrow_mut().push_back(Box::new(respond));
    }

    /// The next call gets this HTTP answer.
    pub(crate) fn next_http(&self, status: u16, headers: &[(&str, &str)], body: &str) {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let answer = Answer { http: Some(HttpAnswer { status, headers }), sql: None };
        let body = body.as_bytes().to_vec();
        self.next(move |_| Ok((answer.clone(), body.clone())));
    }

    /// The next call fails so.
    pub(crate) fn next_failure(&self, failure: GatewayFailure) {
        self.next(move |_| Err(failure.clone()));
    }
}

impl Gateways for TestGateways {
    fn ask(&self, gateway: &GatewayId, order: GatewayOrder) -> Pending<'_, Result<GatewayState, String>> {
        self.orders.borrow_mut().push((gateway.clone(), order));
        let state = self.states.borrow().get(gateway).cloned().unwrap_or_default();
        Box::pin(std::future::ready(Ok(state)))
    }

    fn call(&self, gateway: &GatewayId, call: GatewayCall) -> Pending<'_, Asked> {
        let gateway = gateway.clone();
        Box::pin(async move {
            let body = match call.body {
                OutwardBody::None => Vec::new(),
                OutwardBody::Whole(bytes) => bytes,
                OutwardBody::Stream(stream) => stream.read(usize::MAX).await.unwrap().unwrap(),
            };
            let seen = SeenCall { gateway, head: call.head, body, safe: call.safe, boxes: call.boxes };
            let respond = self.answers.borrow_mut().pop_front();
            let answered = match respond {
                Some(respond) => respond(&seen),
                None => Err(GatewayFailure::Away(GatewayAway::NotLinked)),
            };
            let replica = seen.boxes.keys().next().cloned();
            self.calls.borrow_mut().push(seen);
            let (head, body) = answered?;
            let replica = replica.unwrap_or_else(|| ReplicaId::new(0, [0; 10]));
            Ok(GatewayAnswer { head, body: in_pieces(&body), replica })
        })
    }
}
