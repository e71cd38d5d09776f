#include "server/http/http_listener.h"

#include <httplib.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"

namespace canvass::http {
namespace {

constexpr char kPlain[] = "text/plain; charset=utf-8";
// A batch of events is the largest body that this port takes.
constexpr std::size_t kMaxBodyBytes = 1 << 20;
constexpr int kTimeoutSeconds = 5;
constexpr int kKeepAliveSeconds = 2;
constexpr std::size_t kThreads = 64;

void AddRoutes(httplib::Server& server, const prometheus::Registry& registry, std::function<bool()> ready) {
  server.Get("/livez",
             [](const httplib::Request&, httplib::Response& response) { response.set_content("ok\n", kPlain); });
  server.Get("/readyz", [ready = std::move(ready)](const httplib::Request&, httplib::Response& response) {
    const bool serving = ready();
    response.status = serving ? 200 : 503;
    response.set_content(serving ? "ok\n" : "not serving\n", kPlain);
  });
  server.Get("/metrics", [&registry](const httplib::Request&, httplib::Response& response) {
    response.set_content(prometheus::TextSerializer().Serialize(registry.Collect()), "text/plain; version=0.0.4");
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpListener>> HttpListener::Bind(const HttpOptions& options) {
  auto server = std::make_unique<httplib::Server>();
  server->set_payload_max_length(kMaxBodyBytes);
  server->set_read_timeout(kTimeoutSeconds);
  server->set_write_timeout(kTimeoutSeconds);
  // A connection that is kept open holds a thread, and browsers keep some: with the library's eight, a few of them
  // would keep probes from their answer.
  server->set_keep_alive_timeout(kKeepAliveSeconds);
  server->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  // The library's default, SO_REUSEPORT, would let two servers share one port without a word.
  server->set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
  int port = options.port;
  const bool bound =
      port == 0 ? (port = server->bind_to_any_port(options.host)) > 0 : server->bind_to_port(options.host, port);
  if (!bound) {
    return absl::UnavailableError(absl::StrCat("cannot listen for HTTP on ", options.host, ":", options.port, ": ",
                                               std::strerror(errno), "; choose another --http-listen"));
  }
  return std::unique_ptr<HttpListener>(new HttpListener(std::move(server), port));
}

void HttpListener::Serve(const prometheus::Registry& registry, std::function<bool()> ready,
                         const std::function<void(httplib::Server&)>& add_routes) {
  AddRoutes(*server_, registry, std::move(ready));
  if (add_routes != nullptr) add_routes(*server_);
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  // stop() before the accept loop runs would be lost.
  while (!server_->is_running()) std::this_thread::yield();
}

absl::StatusOr<std::unique_ptr<HttpListener>> HttpListener::Start(
    const HttpOptions& options, const prometheus::Registry& registry, std::function<bool()> ready,
    const std::function<void(httplib::Server&)>& add_routes) {
  CANVASS_ASSIGN_OR_RETURN(std::unique_ptr<HttpListener> listener, Bind(options));
  listener->Serve(registry, std::move(ready), add_routes);
  return listener;
}

HttpListener::HttpListener(std::unique_ptr<httplib::Server> server, int port)
    : server_(std::move(server)), port_(port) {}

HttpListener::~HttpListener() { Stop(); }

void HttpListener::Stop() {
  if (!thread_.joinable()) return;
  server_->stop();
  thread_.join();
}

}  // namespace canvass::http
