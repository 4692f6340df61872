// Uploads a file with tus-js-client: stops after the first chunk, forgets everything but the address, resumes.
// node upload.js ENDPOINT TOKEN MEETING FILE

import { createReadStream, statSync } from 'node:fs'
import { Upload } from 'tus-js-client'

const [endpoint, token, meeting, file] = process.argv.slice(2)
const common = {
  endpoint,
  chunkSize: 1024 * 1024,
  uploadSize: statSync(file).size,
  headers: { Authorization: `Bearer ${token}` },
  metadata: { meeting, filename: '../../etc/passwd', filetype: 'text/html' },
  retryDelays: [0, 100],
}

function run(options, stopAfterFirstChunk) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(createReadStream(file), {
      ...common,
      ...options,
      onError: reject,
      onSuccess: () => resolve(upload.url),
      onChunkComplete: () => {
        if (stopAfterFirstChunk) upload.abort().then(() => resolve(upload.url), reject)
      },
    })
    upload.start()
  })
}

const url = await run({}, true)
const offsets = []
await run({ uploadUrl: url, onProgress: (sent) => offsets.push(sent) }, false)
console.log(JSON.stringify({ url, resumedFrom: Math.min(...offsets) }))
