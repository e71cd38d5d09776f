#!/usr/bin/env python3
"""The first journey, seen by a developer who uses Python: from a delivered order to a metric.

Runs against a canvassd that it starts itself (--server), or against one that runs (--address and --operator-key-file).
"""

import argparse
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import grpc

DEADLINE_SECONDS = 10


def start_server(binary, directory):
    ready = directory / "ready.json"
    server = subprocess.Popen(
        [binary, f"--data-dir={directory}", "--listen=127.0.0.1:0", "--http-listen=127.0.0.1:0",
         "--probe-listen=127.0.0.1:0", f"--ready-file={ready}"],
        stderr=(directory / "log").open("w"))
    give_up = time.monotonic() + 60
    while not ready.exists():
        if server.poll() is not None or time.monotonic() > give_up:
            sys.exit("canvassd did not start:\n" + (directory / "log").read_text())
        time.sleep(0.02)
    facts = json.loads(ready.read_text())
    return server, f"127.0.0.1:{facts['grpc_port']}", facts["operator_key_file"]


def expect(condition, what):
    if not condition:
        raise AssertionError(what)
    print("ok   " + what)


def expect_error(call, code, what):
    try:
        call()
    except grpc.RpcError as error:
        expect(error.code() == code, f"{what}: {error.code().name}")
        return
    raise AssertionError(what + ": was accepted")


class Journey:
    def __init__(self, address, operator_key):
        self.channel = grpc.insecure_channel(address)
        self.operator = [("authorization", "Bearer " + operator_key)]
        self.key = None

    def call(self, stub, method, request, metadata=None):
        service = stub(self.channel)
        return getattr(service, method)(request, metadata=metadata or self.key, timeout=DEADLINE_SECONDS)

    def provision(self, tenant):
        self.call(tenant_grpc.TenantServiceStub, "CreateTenant", tenant_pb.CreateTenantRequest(
            tenant_id=tenant, tenant=tenant_msg.Tenant(display_name="Shop in Python", time_zone="Europe/Prague")),
            self.operator)
        made = self.call(key_grpc.ApiKeyServiceStub, "CreateApiKey", key_pb.CreateApiKeyRequest(
            parent=f"tenants/{tenant}", api_key=key_msg.ApiKey(role=key_msg.ApiKey.ROLE_ADMIN)), self.operator)
        self.key = [("authorization", "Bearer " + made.credential)]
        self.tenant = f"tenants/{tenant}"
        expect(made.credential.startswith("cvk_"), "a tenant and its key are provisioned")

    def define(self):
        question = question_msg.Question(key="recommend", text={"en": "Would you recommend us?", "cs": "Doporučíte nás?"},
                                       required=True, nps=question_msg.NpsQuestion())
        definition = survey_msg.SurveyDefinition(default_language="en", questions=[question],
                                                 breakdowns=["event.country"])
        survey = self.call(survey_grpc.SurveyServiceStub, "CreateSurvey", survey_pb.CreateSurveyRequest(
            parent=self.tenant, survey_id="post-purchase", survey=survey_msg.Survey(definition=definition)))
        published = self.call(survey_grpc.SurveyServiceStub, "PublishSurvey",
                              survey_pb.PublishSurveyRequest(name=survey.name))
        expect(published.published_version == 1, "a survey is published")
        self.survey = survey.name
        self.call(trigger_grpc.TriggerServiceStub, "CreateTrigger", trigger_pb.CreateTriggerRequest(
            parent=self.tenant, trigger_id="after-delivery", trigger=trigger_msg.Trigger(
                event_type="order.delivered", survey=survey.name,
                condition=condition_msg.Condition(text="event.total >= 50"))))

    def deliver(self, customer, total, country):
        event = event_msg.Event(source="/python/orders", id=customer, type="order.delivered", subject=customer)
        event.time.GetCurrentTime()
        event.data.update({"total": total, "country": country})
        answer = self.call(event_grpc.EventServiceStub, "PublishEvents",
                           event_pb.PublishEventsRequest(parent=self.tenant, events=[event]))
        return answer.results[0]

    def pending(self, customer):
        return self.call(invitation_grpc.InvitationServiceStub, "ListPendingInvitations",
                         invitation_pb.ListPendingInvitationsRequest(contact=f"{self.tenant}/contacts/{customer}"))

    def answer(self, token, score):
        response = response_msg.Response(answers=[response_msg.Answer(question="recommend", score=score)])
        return self.call(response_grpc.ResponseServiceStub, "SubmitResponse", response_pb.SubmitResponseRequest(
            parent=self.tenant, response=response, invitation_token=token))

    def run(self):
        scores = {"ana": 10, "bob": 9, "cyril": 3}
        for customer in scores:
            result = self.deliver(customer, 80, "CZ")
            expect(result.outcome == event_pb.EventResult.OUTCOME_ACCEPTED and result.invitations == 1,
                   f"the order of {customer} leads to an invitation")
        expect(self.deliver("dana", 10, "CZ").invitations == 0, "a small order does not")

        for customer, score in scores.items():
            invitation = self.pending(customer).invitations[0]
            self.call(invitation_grpc.InvitationServiceStub, "AcknowledgeInvitation",
                      invitation_pb.AcknowledgeInvitationRequest(
                          name=invitation.name, action=invitation_pb.AcknowledgeInvitationRequest.ACTION_SHOWN))
            first = self.answer(invitation.token, score)
            again = self.answer(invitation.token, score)
            expect(again.name == first.name and again.repeated_call, f"the answer of {customer} is taken once")
            expect_error(lambda: self.answer(invitation.token, 0), grpc.StatusCode.ALREADY_EXISTS, "another answer is not")
            expect(len(self.pending(customer).invitations) == 0, "nothing is pending any more")

        expect_error(lambda: self.answer("cvi_forged.forged", 9), grpc.StatusCode.INVALID_ARGUMENT, "a forged token")
        nps = self.call(metric_grpc.MetricServiceStub, "QueryMetric", metric_pb.QueryMetricRequest(
            survey=self.survey, metric=metric_msg.METRIC_NPS, question="recommend"))
        point = nps.points[0]
        expect(point.n == 3 and abs(point.value - 100 / 3) < 1e-9, "the NPS of 10, 9 and 3 is 33.3")
        rate = self.call(metric_grpc.MetricServiceStub, "QueryMetric", metric_pb.QueryMetricRequest(
            survey=self.survey, metric=metric_msg.METRIC_RESPONSE_RATE))
        expect(rate.points[0].value == 100, "everybody who was asked has answered")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stubs", required=True)
    parser.add_argument("--server")
    parser.add_argument("--address")
    parser.add_argument("--operator-key-file")
    parser.add_argument("--tenant", default="python")
    options = parser.parse_args()
    sys.path.insert(0, options.stubs)
    import_stubs()

    if options.address:
        play(options.address, options.operator_key_file, options.tenant)
        return
    with tempfile.TemporaryDirectory(prefix="canvass-python-") as directory:
        server, address, key_file = start_server(options.server, pathlib.Path(directory))
        try:
            play(address, key_file, options.tenant)
        finally:
            server.send_signal(signal.SIGTERM)
            status = server.wait(60)
        expect(status == 0, "the server stops cleanly")


def play(address, key_file, tenant):
    journey = Journey(address, pathlib.Path(key_file).read_text().strip())
    journey.provision(tenant)
    journey.define()
    journey.run()


def import_stubs():
    names = {"tenant": "tenant", "key": "api_key", "survey": "survey", "event": "event", "trigger": "trigger",
             "invitation": "invitation", "response": "response", "metric": "metric", "contact": "contact",
             "decision": "decision", "segment": "segment", "suppression": "suppression", "settings": "settings",
             "source": "event_source", "outbox": "outbox", "link": "survey_link", "operation": "operation"}
    for short, name in names.items():
        globals()[short + "_msg"] = __import__(f"canvass.v1.{name}_pb2", fromlist=["x"])
        globals()[short + "_pb"] = __import__(f"canvass.v1.{name}_service_pb2", fromlist=["x"])
        globals()[short + "_grpc"] = __import__(f"canvass.v1.{name}_service_pb2_grpc", fromlist=["x"])
    for name in ("condition", "question", "backtest"):
        globals()[name + "_msg"] = __import__(f"canvass.v1.{name}_pb2", fromlist=["x"])


if __name__ == "__main__":
    main()
