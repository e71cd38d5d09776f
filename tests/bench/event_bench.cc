#include "tests/bench/event_bench.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "canvass/v1/event_service.pb.h"
#include "canvass/v1/trigger_service.pb.h"
#include "client/cpp/client.h"
#include "server/base/status_macros.h"
#include "tests/bench/load.h"

namespace canvass::bench {
namespace {

constexpr int kTriggers = 50;
constexpr int kTrueConditions = 5;
constexpr int kEventsPerCall = 250;
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

// The nth call: every event is new, and so is its customer.
v1::PublishEventsRequest MakeCall(const testing::Workspace& workspace, int round, int64_t n, absl::Time time) {
  v1::PublishEventsRequest request;
  request.set_parent(workspace.tenant);
  for (int i = 0; i < kEventsPerCall; ++i) {
    v1::Event& event = *request.add_events();
    event.set_source("/bench");
    event.set_id(absl::StrCat(round, "-", n, "-", i));
    event.set_type(kType);
    event.set_subject(absl::StrCat("customer-", round, "-", n, "-", i));
    event.mutable_time()->set_seconds(absl::ToUnixSeconds(time));
    auto& data = *event.mutable_data()->mutable_fields();
    data["total"].set_number_value(20 + i);
    data["country"].set_string_value("FR");
    data["returned"].set_bool_value(false);
  }
  return request;
}

}  // namespace

absl::Status MeasureEvents(const EventLoad& load, const testing::Workspace& workspace, double raw_insert_rate,
                           Report& report) {
  CANVASS_RETURN_IF_ERROR(MakeTriggers(workspace));
  absl::PrintF("PublishEvents, %d events a call, %d calls in flight, %d triggers each\n", kEventsPerCall,
               load.in_flight, kTriggers);
  const absl::Time time = absl::Now();
  std::vector<double> rates;
  for (int round = 0; round < load.rounds; ++round) {
    const LoadResult result = RunLoad<v1::PublishEventsRequest, v1::PublishEventsResponse>(
        {.address = workspace.address,
         .method = "/canvass.v1.EventService/PublishEvents",
         .credential = workspace.credential,
         .in_flight = load.in_flight,
         .duration = load.duration},
        [&](int64_t n) { return MakeCall(workspace, round, n, time); });
    PrintLoad(absl::StrCat("calls of ", kEventsPerCall), result);
    if (result.failed > 0) return absl::InternalError(absl::StrCat("calls failed: ", result.first_error));
    rates.push_back(result.rate() * kEventsPerCall);
  }
  report.Add({.name = "events_50_triggers_of_raw_insert", .value = Median(rates) / raw_insert_rate, .bar = 0.1});
  report.Add({.name = "events_50_triggers_per_second", .value = Median(rates)});
  return absl::OkStatus();
}

}  // namespace canvass::bench
