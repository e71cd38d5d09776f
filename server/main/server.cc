#include "server/main/server.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/distribution/channels/smtp_client.h"
#include "server/http/pages/routes.h"
#include "server/main/services.h"

namespace canvass {
namespace {

// Memory for calls is bounded by this, whatever the number of connections.
constexpr int kMaxCallsInFlight = 16'384;
constexpr std::size_t kMaxCallsWaitingForWorkers = 8'192;

absl::StatusOr<distribution::ChannelOptions> ChannelOptionsOf(const SendingOptions& options, const Secrets& secrets) {
  distribution::ChannelOptions channels;
  channels.smtp.url = options.smtp_url;
  channels.smtp.user = options.smtp_user;
  channels.smtp.password = secrets.smtp_password;
  channels.smtp.ca_file = options.smtp_ca_file;
  if (!options.smtp_url.empty()) CANVASS_RETURN_IF_ERROR(distribution::CheckSmtpOptions(channels.smtp));
  channels.http.allow_http = options.allow_http_destinations;
  CANVASS_ASSIGN_OR_RETURN(channels.http.guard, distribution::AddressGuard::Make(options.allow_destinations));
  return channels;
}

std::string PublicUrl(const Config& config, int http_port) {
  if (!config.sending.public_url.empty()) return config.sending.public_url;
  const bool anywhere = config.http.host == "0.0.0.0" || config.http.host == "[::]";
  return absl::StrCat("http://", anywhere ? "localhost" : config.http.host, ":", http_port);
}

}  // namespace

Server::Server(Config config) : config_(std::move(config)), quota_(kMaxCallsInFlight) {}

Server::~Server() { Stop().IgnoreError(); }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(Config config) {
  const absl::Time begin = absl::Now();
  std::unique_ptr<Server> server(new Server(std::move(config)));
  CANVASS_RETURN_IF_ERROR(server->Open());
  server->grpc_->health().StartServing();
  CANVASS_RETURN_IF_ERROR(server->WriteReadyFile());
  Log(LogLevel::kInfo, "serving",
      {{"grpc_port", server->grpc_->port()},
       {"http_port", server->http_->port()},
       {"probe_port", server->grpc_->probe_port()},
       {"operator_key_file", server->secrets_.operator_key_file},
       {"start_seconds", absl::ToDoubleSeconds(absl::Now() - begin)}});
  return server;
}

absl::Status Server::Open() {
  CANVASS_ASSIGN_OR_RETURN(secrets_, LoadSecrets(config_, random_));
  CANVASS_ASSIGN_OR_RETURN(backend_, OpenBackend(config_, clock_));
  CANVASS_ASSIGN_OR_RETURN(http_, http::HttpListener::Bind(config_.http));
  CANVASS_ASSIGN_OR_RETURN(distribution::ChannelOptions channels, ChannelOptionsOf(config_.sending, secrets_));
  const HouseOptions options{
      .intake = config_.intake, .channels = std::move(channels), .public_url = PublicUrl(config_, http_->port())};
  house_ = std::make_unique<House>(options, secrets_, *backend_.database, clock_, random_);
  workers_ = std::make_unique<rpc::WorkerPool>(
      rpc::WorkerPool::Options{.threads = config_.grpc.worker_threads, .queue_limit = kMaxCallsWaitingForWorkers});
  pipeline_ = std::make_unique<rpc::CallPipeline>(rpc::CallPipeline::Parts{.authenticator = house_->authenticator(),
                                                                           .workers = *workers_,
                                                                           .quota = quota_,
                                                                           .recorder = call_metrics_,
                                                                           .clock = clock_,
                                                                           .random = random_});
  rooms_ = std::make_unique<rpc::Rooms>(house_->rooms());
  services_ = MakeServices(*pipeline_, *rooms_);
  CANVASS_ASSIGN_OR_RETURN(grpc_, GrpcPorts::Start(config_.grpc, services_));
  ServeHttp();
  retention_ = std::make_unique<events::EventRetention>(house_->retention_parts(), events::RetentionOptions());
  if (!config_.sending.no_sending) {
    sender_ = std::make_unique<distribution::Sender>(house_->delivery_parts(), house_->tenant_directory(),
                                                     distribution::SenderOptions());
  }
  runner_ = std::make_unique<operations::OperationRunner>(house_->runner_parts(), operations::RunnerOptions());
  return absl::OkStatus();
}

void Server::ServeHttp() {
  pages_ = std::make_unique<http::PageParts>(house_->page_parts());
  http_intake_ = std::make_unique<http::IntakeParts>(house_->http_intake_parts());
  http_->Serve(
      registry_, [this] { return grpc_->health().serving(); },
      [this](httplib::Server& server) {
        http::AddRoutes(server, *pages_);
        http::AddRoutes(server, *http_intake_);
      });
}

// Renamed into place, so that a script never reads half of it.
absl::Status Server::WriteReadyFile() const {
  if (config_.ready_file.empty()) return absl::OkStatus();
  const std::string unfinished = absl::StrCat(config_.ready_file, ".new");
  std::ofstream(unfinished) << absl::StrCat("{\"grpc_port\":", grpc_->port(), ",\"http_port\":", http_->port(),
                                            ",\"probe_port\":", grpc_->probe_port(),
                                            ",\"operator_key_file\":", JsonString(secrets_.operator_key_file), "}\n");
  if (std::rename(unfinished.c_str(), config_.ready_file.c_str()) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--ready-file: cannot write ", config_.ready_file));
}

absl::Status Server::Stop() {
  if (backend_.database == nullptr) return absl::OkStatus();
  Log(LogLevel::kInfo, "stopping", {{"calls_in_flight", pipeline_ == nullptr ? 0 : pipeline_->in_flight()}});
  const absl::Time deadline = absl::Now() + config_.drain_timeout;
  if (grpc_ != nullptr) {
    grpc_->health().StopServing();
    pipeline_->Drain();
    if (!pipeline_->WaitIdle(deadline)) Log(LogLevel::kWarning, "calls were still in flight at the drain timeout");
  }
  if (runner_ != nullptr) runner_->Stop();
  retention_.reset();
  if (sender_ != nullptr) sender_->Stop(std::max(deadline - absl::Now(), absl::ZeroDuration()));
  // Pages hand in answers, so they end before the intake does.
  http_.reset();
  // What was taken in is written before anything that it needs goes away.
  if (house_ != nullptr) {
    house_->event_intake().Drain();
    house_->intake().Drain();
  }
  if (grpc_ != nullptr) grpc_->Stop(deadline);
  sender_.reset();
  runner_.reset();
  grpc_.reset();
  // A call that outlived the drain may still run on a worker.
  if (workers_ != nullptr) workers_->Stop();
  services_.clear();
  pipeline_.reset();
  workers_.reset();
  house_.reset();
  backend_.database.reset();
  absl::Status status = backend_.embedded != nullptr ? backend_.embedded->Stop() : absl::OkStatus();
  Log(LogLevel::kInfo, "stopped");
  return status;
}

}  // namespace canvass
