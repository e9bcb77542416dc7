package philox
import ("testing";"time";"math")
func TestTmp(t *testing.T) {
 d:=make([]float64,13000); d32:=make([]float32,13000); w:=make([]uint64,13000)
 best:=map[string]float64{}
 for range 300 { for k,g:=range map[string]func(){
  "normals":func(){Normals(generator,d,0,0,1)},
  "normals32":func(){Normals(generator,d32,0,0,1)},
  "uniforms":func(){Uniforms(generator,d,0,0,1)},
  "uniforms32":func(){Uniforms(generator,d32,0,0,1)},
  "words":func(){generator.Words(w,0)},
  "normals13": func(){ for i:=0;i<1000;i++ { Normals(generator,d[i*13:(i+1)*13],uint64(i*13),0,1)}},
  } { s:=time.Now(); g(); x:=float64(time.Since(s).Nanoseconds())/13000; if b,ok:=best[k]; !ok || x<b {best[k]=math.Min(x,1e9)} } }
 t.Log(best)
}
