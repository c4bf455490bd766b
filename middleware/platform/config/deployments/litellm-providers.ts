import { closestName } from '../closest-name.ts';

/** What LiteLLM 1.109 takes before the slash of `litellm_params.model`; a test asks it. */
const providerNames: readonly string[] = `
  a2a a2a_agent abliteration ai21 ai21_chat aiand aihubmix aiml aiohttp_openai amazon_nova anthropic
  anthropic_text apertis assemblyai auto_router aws_polly aws_textract azure azure_ai azure_speech
  azure_text baseten bedrock bedrock_mantle bespoke bigmodel black_forest_labs bytez cerebras
  charity_engine chatgpt chutes clarifai clf_ai_gateway cloudflare codestral cognition cohere cohere_chat
  cometapi compactifai coralbricks cortecs crusoe cursor custom custom_openai darkbloom dashscope
  databricks databricks_agent datarobot deepgram deepinfra deepseek docker_model_runner dotprompt edenai
  elevenlabs empiriolabs empower eu_jev fal_ai featherless_ai fireworks_ai friendliai galadriel gdc gemini
  gigachat github github_copilot gmi gradient_ai groq helicone heroku hosted_vllm hostinger_router
  huggingface humanloop hyperbolic inception inferenceapis infinity jina_ai kyma lambda_ai langflow
  langfuse langgraph laya lemonade libertai litellm_agent litellm_proxy llamafile llamagate lm_studio
  manus maritalk meta meta_llama microsoft_365_copilot milvus minimax mistral modelscope mongodb moonshot
  morph nace nadir nano-gpt nebius neosantara nlp_cloud novita nscale nvidia_nim nvidia_riva oci ollama
  ollama_chat oobabooga openai openai_like opencode_go openinfer openrouter opensearch ovhcloud parasail
  perplexity petals pg_vector pinstripes poe predibase prism publicai qwen_ai_platform qwencloud ragflow
  recraft reducto refuseless reka replicate runwayml s3_vectors sagemaker sagemaker_chat sagemaker_nova
  sail sambanova sap sarvam scaledown scaleway scx-ai snowflake soniox stability strands_decider
  streamlake synthetic tencent tensormesh text-completion-codestral text-completion-inception
  text-completion-openai together_ai topaz transcribe triton typesafe v0 valkey veniceai vercel_ai_gateway
  vertex_ai vertex_ai_beta vllm volcengine voyage wandb watsonx watsonx_text xai xiaomi_mimo xinference
  zai zerogpu
`
  .trim()
  .split(/\s+/);

/** The hosts by whose address LiteLLM 1.109 knows the provider, whatever stands before the slash. */
const providerHosts: readonly string[] = `
  ai-gateway.helicone.ai ai-gateway.vercel.sh api-inference.modelscope.cn api.aiand.com api.clarifai.com
  api.clfaigateway.dev api.cognition.ai api.cortecs.ai api.deepinfra.com api.deepseek.com api.edenai.run
  api.endpoints.anyscale.com api.featherless.ai api.friendli.ai api.galadriel.ai api.getnadir.com
  api.groq.com api.hyperbolic.xyz api.inceptionlabs.ai api.inference.wandb.ai api.lambda.ai
  api.libertai.io api.llama.com api.meta.ai api.mistral.ai api.moonshot.ai api.morphllm.com
  api.openinfer.ai api.perplexity.ai api.poe.com api.prisminference.com api.publicai.co api.reka.ai
  api.sailresearch.com api.sambanova.ai api.scx.ai api.stima.tech api.studio.nebius.ai api.synthetic.new
  api.together.ai api.together.xyz api.v0.dev api.x.ai app.empower.dev codestral.mistral.ai
  dashscope-intl.aliyuncs.com dashscope.aliyuncs.com gigachat.devices.sberbank.ru inference.api.nscale.com
  inference.coralbricks.ai integrate.api.nvidia.com llm.chutes.ai nano-gpt.com ollama.com pinstripes.io
  serverless.tensormesh.ai vanchin.streamlake.ai
`
  .trim()
  .split(/\s+/);

const names: ReadonlySet<string> = new Set(providerNames);
const hosts: ReadonlySet<string> = new Set(providerHosts);
/** Models whose whole name LiteLLM knows: pictures by their size, versions at Replicate, and one more. */
const wholeNames =
  /^(?:(?:low|medium|high|standard)\/)?(?:\d+|max)-x-|:[0-9a-f]{64}$|^petals-team\/StableBeluga2$/;

type Mapping = Readonly<Record<string, unknown>>;

/**
 * What an entry of `model_list` names as its provider and LiteLLM does not know, so that it leaves the entry out; `undefined` where it
 * knows it, or finds it another way. `own` are the providers that the file adds, a star for whatever there may be.
 */
export function unknownProvider(params: Mapping, own: readonly string[]): string | undefined {
  const { model, custom_llm_provider: beside, use_litellm_proxy: isPassedOn } = params;
  if (typeof model !== 'string') return undefined;
  const named = providerNamed(model, beside);
  // The environment may say anything, and stars stand for what a caller says.
  if (named === undefined || /^os\.environ$|\*/.test(named)) return undefined;
  const isTaken = isPassedOn === true || own.includes('*') || own.includes(named) || names.has(named);
  if (isTaken) return undefined;
  return named === beside || !(wholeNames.test(model) || isKnownByAddress(params)) ? named : undefined;
}

function providerNamed(model: string, beside: unknown): string | undefined {
  if (typeof beside === 'string' && beside !== '') return beside;
  const slash = model.indexOf('/');
  return slash < 0 ? undefined : model.slice(0, slash);
}

function isKnownByAddress({ api_base: base, base_url: url }: Mapping): boolean {
  const address = typeof base === 'string' ? base : url;
  if (typeof address !== 'string') return false;
  if (address.startsWith('os.environ/')) return true;
  const parsed = URL.parse(address.includes('//') ? address : `https://${address}`);
  return parsed !== null && hosts.has(parsed.hostname);
}

/** The providers that a written name may be meant for. */
export function nearProviders(written: string): readonly string[] {
  const lower = written.toLowerCase();
  if (names.has(lower)) return [lower];
  const closest = closestName(lower, providerNames);
  const longer = providerNames.filter((name) => lower.length > 2 && name.startsWith(lower));
  return [...new Set([...(closest === undefined ? [] : [closest]), ...longer])];
}
