// libcurl, and fixed-arity doors to its variadic functions, which Swift cannot call.
#pragma once
#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static inline CURLcode curl_shim_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_shim_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_shim_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_shim_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_shim_set_write(CURL *handle, CURLoption option, curl_write_callback callback) {
  return curl_easy_setopt(handle, option, callback);
}
static inline CURLcode curl_shim_set_open_socket(CURL *handle, curl_opensocket_callback value) {
  return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}
// A connection whose peer acknowledges nothing for so long ends, instead of taking one request after the other with it for
// as long as the system's retransmissions last, some fifteen minutes (tcp(7), TCP_USER_TIMEOUT).
static int curl_shim_bound_silence(void *context, curl_socket_t socket, curlsocktype purpose) {
  (void)context, (void)purpose;
  unsigned int milliseconds = 20000;
  (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
  return CURL_SOCKOPT_OK;
}
static inline CURLcode curl_shim_end_silent_connections(CURL *handle) {
  return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, curl_shim_bound_silence);
}
// The address is the last member of a structure that is larger than it is declared.
static inline const struct sockaddr *curl_shim_address(const struct curl_sockaddr *address) { return &address->addr; }
static inline CURLcode curl_shim_set_blob(CURL *handle, CURLoption option, const void *data, size_t length) {
  struct curl_blob blob = {.data = (void *)data, .len = length, .flags = CURL_BLOB_COPY};
  return curl_easy_setopt(handle, option, &blob);
}
static inline CURLcode curl_shim_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode curl_shim_get_string(CURL *handle, CURLINFO info, const char **value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode curl_shim_get_pointer(CURL *handle, CURLINFO info, void **value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLMcode curl_shim_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}
