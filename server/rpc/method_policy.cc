#include "server/rpc/method_policy.h"

#include <algorithm>

namespace canvass::rpc {
namespace {

using tenants::Callers;

constexpr Callers kOperator = Callers::kOperator;
constexpr Callers kKeyAdmins = Callers::kOperator | Callers::kAdmin;
constexpr Callers kAdmins = Callers::kAdmin;
constexpr Callers kEditors = Callers::kAdmin | Callers::kEditor;
constexpr Callers kReaders = kEditors | Callers::kAnalyst;
constexpr Callers kEveryKey = kReaders | Callers::kIngest;
constexpr Callers kEverybody = kEveryKey | Callers::kOperator;
constexpr Callers kPrograms = Callers::kAdmin | Callers::kIngest;
constexpr Callers kContactWriters = kEditors | Callers::kIngest;

constexpr Access kRead = Access::kRead;
constexpr Access kWrite = Access::kWrite;
constexpr TenantStates kAlways = TenantStates::kActiveOrSuspended;
constexpr TenantStates kActive = TenantStates::kActive;
constexpr Idempotency kSafe = Idempotency::kIdempotent;
constexpr Idempotency kOnce = Idempotency::kNotIdempotent;

// What service_config.json tells clients, too.
constexpr absl::Duration kUsual = absl::Seconds(20);
// A stream ends when one side ends it.
constexpr absl::Duration kStream = absl::InfiniteDuration();

// The quota cost is what a call makes the server do, roughly: 1 a row read, 2 a row written, more for batches and
// queries.
constexpr MethodPolicy kPolicies[] = {
    // For the operator, whose calls no tenant's state holds up.
    {"/canvass.v1.TenantService/CreateTenant", kOperator, kWrite, kAlways, kSafe, 2, kUsual},
    {"/canvass.v1.TenantService/GetTenant", kEverybody, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.TenantService/ListTenants", kOperator, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.TenantService/UpdateTenant", kOperator, kWrite, kAlways, kSafe, 2, kUsual},
    {"/canvass.v1.TenantService/SuspendTenant", kOperator, kWrite, kAlways, kSafe, 2, kUsual},
    {"/canvass.v1.TenantService/ResumeTenant", kOperator, kWrite, kAlways, kSafe, 2, kUsual},
    {"/canvass.v1.TenantService/DeleteTenant", kOperator, kWrite, kAlways, kSafe, 2, kUsual},

    {"/canvass.v1.ApiKeyService/CreateApiKey", kKeyAdmins, kWrite, kActive, kOnce, 2, kUsual},
    {"/canvass.v1.ApiKeyService/GetApiKey", kKeyAdmins, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.ApiKeyService/ListApiKeys", kKeyAdmins, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.ApiKeyService/RotateApiKey", kKeyAdmins, kWrite, kActive, kOnce, 2, kUsual},
    {"/canvass.v1.ApiKeyService/RevokeApiKey", kKeyAdmins, kWrite, kActive, kSafe, 2, kUsual},

    {"/canvass.v1.SurveyService/CreateSurvey", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SurveyService/GetSurvey", kEveryKey, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.SurveyService/ListSurveys", kEveryKey, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.SurveyService/UpdateSurvey", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SurveyService/CheckSurvey", kEditors, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.SurveyService/PublishSurvey", kEditors, kWrite, kActive, kSafe, 5, kUsual},
    {"/canvass.v1.SurveyService/CloseSurvey", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SurveyService/ReopenSurvey", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SurveyService/ArchiveSurvey", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SurveyService/RestoreSurvey", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SurveyService/CopySurvey", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SurveyService/GetSurveyVersion", kEveryKey, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.SurveyService/ListSurveyVersions", kEveryKey, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.SurveyService/DiffSurveyVersions", kEveryKey, kRead, kAlways, kSafe, 2, kUsual},
    {"/canvass.v1.SurveyService/GetQuestionnaire", kEveryKey, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.SurveyService/NextStep", kEveryKey, kRead, kAlways, kSafe, 1, kUsual},

    {"/canvass.v1.ContactService/UpsertContact", kContactWriters, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.ContactService/BatchUpsertContacts", kContactWriters, kWrite, kActive, kSafe, 50, kUsual},
    {"/canvass.v1.ContactService/GetContact", kEveryKey, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.ContactService/ListContacts", kEveryKey, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.ContactService/EraseContact", kContactWriters, kWrite, kActive, kSafe, 10, kUsual},
    {"/canvass.v1.ContactService/MergeContacts", kContactWriters, kWrite, kActive, kSafe, 10, kUsual},

    {"/canvass.v1.SuppressionService/CreateSuppression", kContactWriters, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SuppressionService/DeleteSuppression", kContactWriters, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SuppressionService/ListSuppressions", kReaders, kRead, kAlways, kSafe, 5, kUsual},

    {"/canvass.v1.SegmentService/CreateSegment", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SegmentService/GetSegment", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.SegmentService/ListSegments", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.SegmentService/UpdateSegment", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SegmentService/DeleteSegment", kEditors, kWrite, kActive, kSafe, 2, kUsual},

    {"/canvass.v1.SettingsService/GetContactPolicy", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.SettingsService/UpdateContactPolicy", kAdmins, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SettingsService/GetChannelSettings", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.SettingsService/UpdateChannelSettings", kAdmins, kWrite, kActive, kSafe, 2, kUsual},

    {"/canvass.v1.EventService/PublishEvents", kPrograms, kWrite, kActive, kSafe, 50, kUsual},
    {"/canvass.v1.EventService/StreamEvents", kPrograms, kWrite, kActive, kSafe, 50, kStream},
    {"/canvass.v1.EventService/GetEvent", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.EventService/ListEvents", kReaders, kRead, kAlways, kSafe, 5, kUsual},

    {"/canvass.v1.EventSourceService/CreateEventSource", kAdmins, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.EventSourceService/GetEventSource", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.EventSourceService/ListEventSources", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.EventSourceService/UpdateEventSource", kAdmins, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.EventSourceService/DeleteEventSource", kAdmins, kWrite, kActive, kSafe, 2, kUsual},

    {"/canvass.v1.TriggerService/CreateTrigger", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.TriggerService/GetTrigger", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.TriggerService/ListTriggers", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.TriggerService/UpdateTrigger", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.TriggerService/DeleteTrigger", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.TriggerService/PauseTrigger", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.TriggerService/ResumeTrigger", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    // Each call starts another one.
    {"/canvass.v1.TriggerService/BacktestTrigger", kReaders, kRead, kAlways, kOnce, 50, kUsual},

    {"/canvass.v1.OperationService/GetOperation", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.OperationService/ListOperations", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.OperationService/CancelOperation", kReaders, kRead, kAlways, kSafe, 2, kUsual},

    {"/canvass.v1.DecisionService/GetDecision", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.DecisionService/ListDecisions", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.DecisionService/CountDecisions", kReaders, kRead, kAlways, kSafe, 10, kUsual},
    {"/canvass.v1.DecisionService/ExplainDecision", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.DecisionService/WatchDecisions", kReaders, kRead, kAlways, kSafe, 10, kStream},

    {"/canvass.v1.InvitationService/ListPendingInvitations", kPrograms, kRead, kAlways, kSafe, 2, kUsual},
    {"/canvass.v1.InvitationService/AcknowledgeInvitation", kPrograms, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.InvitationService/GetInvitation", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.InvitationService/ListInvitations", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    // Safe to repeat with a request_id, which is how a client that retries sends it.
    {"/canvass.v1.InvitationService/CreateInvitation", kContactWriters, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.InvitationService/WatchInvitations", kPrograms, kRead, kAlways, kSafe, 10, kStream},

    {"/canvass.v1.OutboxService/GetOutboxMessage", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.OutboxService/ListOutboxMessages", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.OutboxService/ReplayOutboxMessages", kEditors, kWrite, kActive, kSafe, 10, kUsual},

    {"/canvass.v1.SurveyLinkService/CreateSurveyLink", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.SurveyLinkService/GetSurveyLink", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.SurveyLinkService/ListSurveyLinks", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.SurveyLinkService/DeleteSurveyLink", kEditors, kWrite, kActive, kSafe, 2, kUsual},

    // Safe to repeat with an invitation or a request_id, which is how a client that retries sends it.
    {"/canvass.v1.ResponseService/SubmitResponse", kPrograms, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.ResponseService/BatchSubmitResponses", kPrograms, kWrite, kActive, kSafe, 50, kUsual},
    {"/canvass.v1.ResponseService/StreamResponses", kPrograms, kWrite, kActive, kSafe, 50, kStream},
    {"/canvass.v1.ResponseService/SavePartialResponse", kPrograms, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.ResponseService/GetPartialResponse", kPrograms, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.ResponseService/GetResponse", kReaders, kRead, kAlways, kSafe, 1, kUsual},
    {"/canvass.v1.ResponseService/ListResponses", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.ResponseService/ExportResponses", kReaders, kRead, kAlways, kSafe, 50, kStream},
    {"/canvass.v1.ResponseService/WatchResponses", kReaders, kRead, kAlways, kSafe, 10, kStream},
    {"/canvass.v1.ResponseService/UpdateResponse", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.ResponseService/ExcludeResponse", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.ResponseService/IncludeResponse", kEditors, kWrite, kActive, kSafe, 2, kUsual},
    {"/canvass.v1.ResponseService/DeleteResponse", kAdmins, kWrite, kActive, kSafe, 2, kUsual},

    {"/canvass.v1.MetricService/QueryMetric", kReaders, kRead, kAlways, kSafe, 5, kUsual},
    {"/canvass.v1.MetricService/CompareMetric", kReaders, kRead, kAlways, kSafe, 10, kUsual},
    {"/canvass.v1.MetricService/QueryDrivers", kReaders, kRead, kAlways, kSafe, 50, kUsual},
    {"/canvass.v1.MetricService/WatchMetric", kReaders, kRead, kAlways, kSafe, 10, kStream},
    {"/canvass.v1.MetricService/VerifyMetrics", kReaders, kRead, kAlways, kSafe, 50, kUsual},
};

}  // namespace

absl::Span<const MethodPolicy> MethodPolicies() { return kPolicies; }

const MethodPolicy* FindMethodPolicy(absl::string_view method) {
  const auto* row = std::find_if(std::begin(kPolicies), std::end(kPolicies),
                                 [&](const MethodPolicy& policy) { return policy.method == method; });
  return row == std::end(kPolicies) ? nullptr : row;
}

}  // namespace canvass::rpc
