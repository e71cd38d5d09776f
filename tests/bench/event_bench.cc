#include "tests/bench/event_bench.h"

#include <grpcpp/grpcpp.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "canvass/v1/event.pb.h"
#include "canvass/v1/event_service.grpc.pb.h"
#include "canvass/v1/trigger_service.pb.h"
#include "client/cpp/client.h"
#include "server/base/status_macros.h"
#include "tests/bench/acknowledged_stream.h"

namespace canvass::bench {
namespace {

constexpr int kTriggers = 50;
constexpr int kTrueConditions = 5;
constexpr char kType[] = "bench.order";

// The first of those whose conditions hold asks; its invitation then caps the other four.
absl::Status MakeTriggers(const testing::Workspace& workspace) {
  for (int i = 0; i < kTriggers; ++i) {
    v1::CreateTriggerRequest request;
    request.set_parent(workspace.tenant);
    request.set_trigger_id(absl::StrFormat("bench-%02d", i));
    v1::Trigger& trigger = *request.mutable_trigger();
    trigger.set_event_type(kType);
    trigger.set_survey(workspace.survey);
    trigger.set_priority(i == 0 ? 1 : 0);
    trigger.mutable_condition()->set_text(absl::StrCat("event.total > ", i < kTrueConditions ? 10 : 1000 + i,
                                                       " AND event.country = \"FR\" AND NOT event.returned = true"));
    if (i > 0) {
      v1::FrequencyCap& cap = *trigger.add_frequency_caps();
      cap.mutable_interval()->set_seconds(86400);
      cap.set_scope(v1::FrequencyCap::SCOPE_CONTACT);
    }
    CANVASS_RETURN_IF_ERROR(workspace.admin->Call(&client::Triggers::CreateTrigger, request).status());
  }
  return absl::OkStatus();
}

// The nth event of a round; its customer is new as well.
v1::Event MakeEvent(int round, int64_t n, absl::Time time) {
  v1::Event event;
  event.set_source("/bench");
  event.set_id(absl::StrCat(round, "-", n));
  event.set_type(kType);
  event.set_subject(absl::StrCat("customer-", round, "-", n));
  event.mutable_time()->set_seconds(absl::ToUnixSeconds(time));
  auto& data = *event.mutable_data()->mutable_fields();
  data["total"].set_number_value(static_cast<double>(20 + n % 250));
  data["country"].set_string_value("FR");
  data["returned"].set_bool_value(false);
  return event;
}

}  // namespace

absl::Status MeasureEvents(const EventLoad& load, const testing::Workspace& workspace, const RawInsertOptions& raw,
                           Report& report) {
  CANVASS_RETURN_IF_ERROR(MakeTriggers(workspace));
  absl::PrintF("StreamEvents, %d streams, %d triggers each, every acknowledgement durable\n", load.streams, kTriggers);
  const absl::Time time = absl::Now();
  const auto stub =
      v1::EventService::NewStub(grpc::CreateChannel(workspace.address, grpc::InsecureChannelCredentials()));
  StreamCalls<v1::StreamEventsRequest, v1::StreamEventsResponse> calls = {
      .open = [&](grpc::ClientContext* context) { return stub->StreamEvents(context); },
      .accept =
          [](const v1::StreamEventsResponse& response) {
            return response.result().outcome() == v1::EventResult::OUTCOME_ACCEPTED;
          }};
  std::vector<double> rates;
  std::vector<double> ratios;
  for (int round = 0; round < load.rounds; ++round) {
    CANVASS_ASSIGN_OR_RETURN(const double raw_rate, RawInsertRate(raw));
    calls.make = [&](int64_t n) {
      v1::StreamEventsRequest request;
      *request.mutable_event() = MakeEvent(round, n, time);
      return request;
    };
    CANVASS_ASSIGN_OR_RETURN(const double rate, StreamedRate({.streams = load.streams, .duration = load.duration},
                                                             workspace.credential, calls));
    absl::PrintF("  %-24s %9.0f events/s, %.3f of %.0f raw rows/s\n", "StreamEvents", rate, rate / raw_rate, raw_rate);
    rates.push_back(rate);
    ratios.push_back(rate / raw_rate);
  }
  report.Add({.name = "events_50_triggers_of_raw_insert", .value = Median(ratios), .bar = 0.1});
  report.Add({.name = "events_50_triggers_per_second", .value = Median(rates)});
  return absl::OkStatus();
}

}  // namespace canvass::bench
